namespace ILGpuMobileNet.Host.Load;

/// <summary>Some times and how they are spread. All are in milliseconds; NaN where there are none.</summary>
/// <param name="Min">The shortest.</param>
/// <param name="Mean">The mean.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">The 90th percentile.</param>
/// <param name="P95">The 95th percentile.</param>
/// <param name="P97">The 97th percentile.</param>
/// <param name="P99">The 99th percentile.</param>
/// <param name="P999">The 99.9th percentile.</param>
/// <param name="Max">The longest.</param>
public sealed record Percentiles(
    double Min,
    double Mean,
    double P50,
    double P90,
    double P95,
    double P97,
    double P99,
    double P999,
    double Max
)
{
    /// <summary>Of times in order.</summary>
    /// <param name="sorted">The shortest first.</param>
    internal static Percentiles Of(IReadOnlyList<double> sorted) =>
        new(
            At(sorted, 0),
            sorted.Count == 0 ? double.NaN : sorted.Average(),
            At(sorted, 0.5),
            At(sorted, 0.9),
            At(sorted, 0.95),
            At(sorted, 0.97),
            At(sorted, 0.99),
            At(sorted, 0.999),
            At(sorted, 1)
        );

    /// <summary>A percentile as MLPerf's LoadGen takes it: the time that so large a share of the times precede.</summary>
    /// <param name="sorted">The shortest first.</param>
    /// <param name="share">From 0 to 1.</param>
    internal static double At(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? double.NaN : sorted[Math.Min((int)(sorted.Count * share), sorted.Count - 1)];
}
