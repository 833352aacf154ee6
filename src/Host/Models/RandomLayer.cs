using System.Collections.Immutable;
using System.Globalization;

namespace ILGpuMobileNet.Host;

/// <summary>A layer whose weights are known to be random, as those of a new head are.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Seed">What its weights were drawn from.</param>
internal sealed record RandomLayer(string Name, ulong Seed)
{
    /// <summary>Such layers as an item of metadata: <c>classifier.0:5,classifier.3:5</c>.</summary>
    /// <param name="layers">The layers.</param>
    public static string TextOf(IEnumerable<RandomLayer> layers) =>
        string.Join(
            ',',
            layers.Select(layer => string.Create(CultureInfo.InvariantCulture, $"{layer.Name}:{layer.Seed}"))
        );

    /// <summary>Reads what <see cref="TextOf"/> writes.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">It makes no sense.</exception>
    public static ImmutableArray<RandomLayer> Parse(string text)
    {
        ImmutableArray<RandomLayer> layers = [.. text.Split(',').Select(ParseOne)];
        return layers.GroupBy(layer => layer.Name).FirstOrDefault(group => group.Count() > 1) is { Key: var twice }
            ? throw new ArgumentException($"It names '{twice}' twice.")
            : layers;
    }

    private static RandomLayer ParseOne(string text)
    {
        var end = text.LastIndexOf(':');
        return
            end > 0
            && ulong.TryParse(text.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? new(text[..end], seed)
            : throw new ArgumentException($"'{text}' is no layer with a seed, as in fc:1.");
    }
}
