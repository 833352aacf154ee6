using System.Collections.Immutable;
using System.Globalization;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Contracts;

/// <summary>Files with the names and shapes of an ecosystem's own networks (tests/Network/Forms), and formula weights.</summary>
internal static class PublishedFile
{
    private const int ListedClasses = 7;

    /// <summary>Writes one as safetensors.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="list">Name of the list of tensors.</param>
    /// <param name="classes">Classes of the classifier.</param>
    /// <param name="file">Name of the file; null for the list's.</param>
    /// <param name="without">What the names of tensors begin with that are left out.</param>
    public static string Write(
        TemporaryFolder folder,
        string list,
        int classes,
        string? file = null,
        params IReadOnlyCollection<string> without
    )
    {
        var lines = File.ReadLines(Repository.PathOf("tests", "Network", "Forms", $"{list}.txt"))
            .Where(line => !without.Any(name => line.StartsWith(name, StringComparison.Ordinal)));
        var tensors = lines.Select(line => Tensor(line.Split(' '), classes)).ToImmutableDictionary();
        var path = folder.PathOf(file ?? $"{list}.safetensors");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Safetensors.Write(path, new(list, tensors));
        return path;
    }

    private static KeyValuePair<string, Tensor> Tensor(string[] fields, int classes)
    {
        var axes = fields[1].Split('x').Select(axis => int.Parse(axis, CultureInfo.InvariantCulture));
        ImmutableArray<int> shape = [.. axes.Select(axis => axis == ListedClasses ? classes : axis)];
        var data = new float[shape.Aggregate(1, (count, axis) => count * axis)];
        var (scale, offset) = (Number(fields[2]), Number(fields[3]));
        WeightFormula.Fill(fields[0], 1, data, scale, offset);
        return new(fields[0], new(shape, data));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
