using System.Collections.Immutable;

namespace ILGpuMobileNet.Host.Comparison;

/// <summary>Two arrays that are the same layer's.</summary>
/// <param name="A">On the first side.</param>
/// <param name="B">On the second.</param>
internal readonly record struct ActivationPair(ActivationEntry A, ActivationEntry B);

/// <summary>Which arrays of two sides are the same layer's.</summary>
/// <param name="IsByName">
/// Whether they have the same names; else most names are on one side only, and where both have equally many arrays of a
/// shape, they are taken in their order.
/// </param>
/// <param name="Pairs">The pairs, in the order of the network where one side is a network.</param>
internal sealed record ActivationPairing(bool IsByName, ImmutableArray<ActivationPair> Pairs)
{
    private const int SampleCount = 5;

    /// <summary>Pairs the arrays of two sides: by name, else by the order of their shapes.</summary>
    /// <param name="a">One side.</param>
    /// <param name="b">The other side.</param>
    /// <exception cref="ArgumentException">The sides have nothing in common.</exception>
    public static ActivationPairing Of(ActivationSet a, ActivationSet b)
    {
        if (b.IsNetwork && !a.IsNetwork)
        {
            var turned = Of(b, a);
            return turned with { Pairs = [.. turned.Pairs.Select(pair => new ActivationPair(pair.B, pair.A))] };
        }
        var named = ByName(a.Entries, b.Entries);
        var namedCount = named.Count(pair => IsLayer(pair.A));
        if (2 * namedCount >= Math.Max(1, Math.Min(a.Entries.Count(IsLayer), b.Entries.Count(IsLayer))))
        {
            return new(true, [.. named]);
        }
        var shaped = ByShape(a.Entries, b.Entries);
        if (shaped.Count > namedCount)
        {
            return new(false, [.. named.Where(pair => !IsLayer(pair.A)), .. shaped]);
        }
        return namedCount > 0
            ? new(true, [.. named])
            : throw new ArgumentException(
                $"{a.Name} and {b.Name} have no layer in common: no name, and no shape that both have equally often. "
                    + $"The first has {Sample(a.Entries)}; the second {Sample(b.Entries)}."
            );
    }

    private static List<ActivationPair> ByName(IEnumerable<ActivationEntry> a, IEnumerable<ActivationEntry> b)
    {
        var others = b.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        return
        [
            .. a.Where(entry => others.ContainsKey(entry.Name))
                .Select(entry => new ActivationPair(entry, others[entry.Name])),
        ];
    }

    private static List<ActivationPair> ByShape(IEnumerable<ActivationEntry> a, IEnumerable<ActivationEntry> b)
    {
        var others = b.Where(IsLayer).ToLookup(SizeOf);
        var order = a.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        return
        [
            .. a.Where(IsLayer)
                .GroupBy(SizeOf)
                .SelectMany(group => InOrder([.. group], [.. others[group.Key]]))
                .OrderBy(pair => order[pair.A]),
        ];
    }

    /// <summary>The arrays of one size in their order; with sums and products, else without, where the counts agree.</summary>
    private static IEnumerable<ActivationPair> InOrder(List<ActivationEntry> a, List<ActivationEntry> b)
    {
        if (a.Count != b.Count)
        {
            a.RemoveAll(entry => entry.IsArithmetic);
            b.RemoveAll(entry => entry.IsArithmetic);
        }
        return a.Count == b.Count ? a.Zip(b, (first, second) => new ActivationPair(first, second)) : [];
    }

    private static bool IsLayer(ActivationEntry entry) => entry.Name != ActivationSet.InputName;

    /// <summary>The axes of an image in falling order, so that channels may lie first or last.</summary>
    private static string SizeOf(ActivationEntry entry) =>
        entry.Axes.IsEmpty
            ? ""
            : $"{entry.Axes[0]}: {string.Join('x', entry.Axes[1..].Where(axis => axis > 1).OrderDescending())}";

    private static string Sample(ImmutableArray<ActivationEntry> entries) =>
        string.Join(", ", entries.Take(SampleCount).Select(entry => $"'{entry.Name}' {entry.AxesText}"))
        + (entries.Length > SampleCount ? $" and {entries.Length - SampleCount} more" : "");
}
