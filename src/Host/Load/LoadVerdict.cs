namespace ILGpuMobileNet.Host.Load;

/// <summary>Whether a run is what its scenario asks for.</summary>
/// <param name="IsLongEnough">Whether it took its minimal duration.</param>
/// <param name="HasEnoughQueries">Whether it had its minimal number of queries.</param>
/// <param name="KeepsBound">Whether the 99th percentile kept within the bound; null in scenarios without one.</param>
/// <param name="IsConfident">
/// Whether there were queries enough to say so with a confidence of 99% (MLPerf's rule for stopping early); null in
/// scenarios without a percentile.
/// </param>
/// <param name="AllAnswered">Whether no query failed.</param>
public sealed record LoadVerdict(
    bool IsLongEnough,
    bool HasEnoughQueries,
    bool? KeepsBound,
    bool? IsConfident,
    bool AllAnswered
)
{
    /// <summary>Whether all of this is so.</summary>
    public bool IsValid =>
        IsLongEnough && HasEnoughQueries && KeepsBound != false && IsConfident != false && AllAnswered;

    /// <summary>Judges a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="window">What of it counts.</param>
    /// <param name="sorted">Latencies in milliseconds, the shortest first.</param>
    internal static LoadVerdict Of(LoadRun run, LoadWindow window, IReadOnlyList<double> sorted)
    {
        var options = run.Options;
        var (isServer, isOffline) = (options.Scenario == LoadScenario.Server, options.Scenario == LoadScenario.Offline);
        var bound = options.LatencyBound.TotalMilliseconds;
        return new(
            window.End - window.Begin >= options.MinimalDuration,
            window.Queries.Count >= options.FewestQueries,
            isServer ? !window.FellBehind && Percentiles.At(sorted, options.Percentile) <= bound : null,
            isOffline ? null : SaysSo(sorted, options.Percentile, isServer ? bound : null),
            run.Log.FailedCount == 0
        );
    }

    private static bool SaysSo(IReadOnlyList<double> sorted, double percentile, double? bound)
    {
        var slow = bound is { } limit ? sorted.Count(latency => latency > limit) : 1;
        return sorted.Count > 0 && EarlyStopping.AllowedSlow(sorted.Count, percentile) >= slow;
    }
}
