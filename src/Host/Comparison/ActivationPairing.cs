using System.Collections.Immutable;

namespace ILGpuMobileNet.Host.Comparison;

/// <summary>Two arrays that are the same layer's.</summary>
/// <param name="A">On the first side.</param>
/// <param name="B">On the second.</param>
internal readonly record struct ActivationPair(ActivationEntry A, ActivationEntry B);

/// <summary>Which arrays of two sides are the same layer's.</summary>
/// <param name="IsByName">Whether most layers have a name in common; else what they hold and their order tells most of them.</param>
/// <param name="IsAmbiguous">Whether layers were left out that may differ, but as well may be no pair.</param>
/// <param name="Pairs">The pairs, in the order of the network where one side is a network.</param>
internal sealed record ActivationPairing(bool IsByName, bool IsAmbiguous, ImmutableArray<ActivationPair> Pairs)
{
    private const int SampleCount = 5;

    /// <summary>Pairs the arrays of two sides.</summary>
    /// <param name="a">One side.</param>
    /// <param name="b">The other side.</param>
    /// <param name="cancellationToken">Stops between two arrays.</param>
    /// <exception cref="ArgumentException">The sides have nothing in common.</exception>
    public static ActivationPairing Of(ActivationSet a, ActivationSet b, CancellationToken cancellationToken)
    {
        if (b.IsNetwork && !a.IsNetwork)
        {
            var turned = Of(b, a, cancellationToken);
            return turned with { Pairs = [.. turned.Pairs.Select(pair => new ActivationPair(pair.B, pair.A))] };
        }
        var (first, second) = (SideOf(a, cancellationToken), SideOf(b, cancellationToken));
        var alignment = new ActivationAlignment(first, second);
        var layers = alignment.Pairs.Select(pair => new ActivationPair(first.Entries[pair.A], second.Entries[pair.B]));
        ActivationPairing pairing = new(alignment.IsByName, alignment.IsAmbiguous, [.. Inputs(a, b), .. layers]);
        return pairing.Pairs.IsEmpty
            ? throw new ArgumentException(
                $"{a.Name} and {b.Name} have no layer in common: no name and no shape. "
                    + $"The first has {Sample(a.Entries)}; the second {Sample(b.Entries)}."
            )
            : pairing;
    }

    /// <summary>
    /// Whether so much was paired that agreement means something: half of the layers of the side that has fewer, the last
    /// of a side, and all that may differ.
    /// </summary>
    /// <param name="a">The one side.</param>
    /// <param name="b">The other side.</param>
    public bool IsConclusive(ActivationSet a, ActivationSet b)
    {
        var (layersA, layersB) = (a.Entries.Where(IsCompared).ToList(), b.Entries.Where(IsCompared).ToList());
        var paired = Pairs.Count(pair => IsCompared(pair.A) && IsCompared(pair.B));
        return !IsAmbiguous
            && 2 * paired >= Math.Min(layersA.Count, layersB.Count)
            && (
                Pairs.Any(pair => pair.A == layersA.LastOrDefault())
                || Pairs.Any(pair => pair.B == layersB.LastOrDefault())
            );
    }

    private static IEnumerable<ActivationPair> Inputs(ActivationSet a, ActivationSet b) =>
        from first in a.Entries
        from second in b.Entries
        where !IsLayer(first) && !IsLayer(second)
        select new ActivationPair(first, second);

    private static AlignedSide SideOf(ActivationSet side, CancellationToken cancellationToken)
    {
        var entries = side.Entries.Where(IsLayer).ToImmutableArray();
        var digests = entries.Select(entry => ActivationDigest.Of(side.Read(entry.Name, cancellationToken).Span));
        return new(entries, [.. digests]);
    }

    private static bool IsLayer(ActivationEntry entry) => entry.Name != ActivationSet.InputName;

    private static bool IsCompared(ActivationEntry entry) => IsLayer(entry) && !entry.IsArithmetic;

    private static string Sample(ImmutableArray<ActivationEntry> entries) =>
        string.Join(", ", entries.Take(SampleCount).Select(entry => $"'{entry.Name}' {entry.AxesText}"))
        + (entries.Length > SampleCount ? $" and {entries.Length - SampleCount} more" : "");
}
