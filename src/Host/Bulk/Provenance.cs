using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ILGpuMobileNet.Network;

namespace ILGpuMobileNet.Host.Bulk;

/// <summary>What results depend on, as text: enough to tell whether two jobs say the same of an image.</summary>
internal static class Provenance
{
    /// <summary>What the results of a model depend on, other than the images.</summary>
    /// <param name="model">The model.</param>
    /// <param name="labels">Names of its classes; null where it has none.</param>
    public static Dictionary<string, string> Of(LoadedModel model, Labels? labels)
    {
        var items = new Dictionary<string, string>
        {
            ["model"] = model.Name,
            ["network"] = HashOf(model.Model),
            ["input"] = model.Model.Graph.Input.ToString(),
            ["labels"] = HashOf(labels?.Names ?? []),
        };
        foreach (var (name, text) in ModelDescription.ItemsOf(model.Preprocessing))
        {
            items.Add(name, text);
        }
        return items;
    }

    /// <summary>Layers with their numerics, and every weight.</summary>
    private static string HashOf(Model model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var layer in model.Graph.Layers)
        {
            Append(hash, string.Create(CultureInfo.InvariantCulture, $"{layer} {string.Join(' ', layer.Inputs)}"));
        }
        foreach (var (name, tensor) in model.Weights.Tensors.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Append(hash, name);
            hash.AppendData(MemoryMarshal.AsBytes(tensor.Data.Span));
        }
        return TextOf(hash);
    }

    private static string HashOf(IReadOnlyList<string> lines)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in lines)
        {
            Append(hash, line);
        }
        return TextOf(hash);
    }

    private static void Append(IncrementalHash hash, string text) =>
        hash.AppendData(Encoding.UTF8.GetBytes($"{text}\n"));

    private static string TextOf(IncrementalHash hash) =>
        $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16))}";
}
