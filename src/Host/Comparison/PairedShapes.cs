using System.Collections.Immutable;

namespace ILGpuMobileNet.Host.Comparison;

/// <summary>
/// Finds what the axes of paired arrays mean. Where both orders of channels fit, the order counts that most other pairs
/// have; without such, channels come first, as PyTorch has them.
/// </summary>
internal sealed class PairedShapes
{
    private readonly Reading? _usual;

    /// <summary>What the axes of a pair mean.</summary>
    /// <param name="A">Those of the first side's array.</param>
    /// <param name="B">Those of the second side's.</param>
    public readonly record struct Reading(ActivationShape A, ActivationShape B)
    {
        /// <summary>The order of axes on both sides.</summary>
        public (ActivationLayout A, ActivationLayout B) Layouts => (A.Layout, B.Layout);
    }

    /// <summary>Looks at all pairs.</summary>
    /// <param name="pairs">The pairs.</param>
    public PairedShapes(ImmutableArray<ActivationPair> pairs) =>
        _usual = pairs
            .Where(pair => pair.A.Axes.Length == 4 && pair.B.Axes.Length == 4)
            .Select(pair => FittingReadings(pair).ToList())
            .Where(readings => readings.Count == 1)
            .GroupBy(readings => readings[0].Layouts)
            .MaxBy(group => group.Count())
            ?.First()[0];

    /// <summary>What the axes of a pair mean; null where they cannot be the same.</summary>
    /// <param name="pair">The pair.</param>
    public Reading? Of(ActivationPair pair)
    {
        var readings = FittingReadings(pair).ToList();
        var usual = readings.FindIndex(reading => reading.Layouts == _usual?.Layouts);
        return readings.Count == 0 ? null : readings[Math.Max(0, usual)];
    }

    /// <summary>What the axes of a pair mean that cannot be the same: as nearly the same as can be.</summary>
    /// <param name="pair">The pair.</param>
    /// <returns>Null where the axes of one are no feature maps'.</returns>
    public Reading? Nearest(ActivationPair pair)
    {
        var readings = Readings(pair).ToList();
        return readings.Count == 0
            ? null
            : readings.MaxBy(reading => (reading.A.EqualAxes(reading.B), reading.Layouts == _usual?.Layouts));
    }

    private static IEnumerable<Reading> FittingReadings(ActivationPair pair) =>
        Readings(pair).Where(reading => reading.A.Fits(reading.B));

    private static IEnumerable<Reading> Readings(ActivationPair pair) =>
        from a in pair.A.Readings
        from b in pair.B.Readings
        select new Reading(a, b);
}
