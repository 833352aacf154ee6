using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Load;
using static System.FormattableString;

namespace ILGpuMobileNet.Cli.Reports;

/// <summary>Sentences about the results of <c>load</c>.</summary>
internal static class LoadText
{
    /// <summary>What is about to be measured.</summary>
    /// <param name="generator">What measures it.</param>
    /// <param name="options">How.</param>
    public static string Announcement(LoadGenerator generator, LoadOptions options) =>
        Invariant(
            $"{generator.Model} on {string.Join(", ", generator.Devices)}, {ItemText.Of(options.Scenario)}: measuring for at least {options.MinimalDuration.TotalSeconds:0.##} s"
        );

    /// <summary>A run of a search, in a line.</summary>
    /// <param name="result">The run.</param>
    public static string Trial(LoadResult result) =>
        result.Rate is { } rate
            ? Invariant(
                $"{rate:0.0} images/s: 99th percentile {result.LatencyMilliseconds.P99:0.00} ms, {Verdict(result)}"
            )
            : $"{Metric(result)}, {Verdict(result)}";

    /// <summary>The number that the scenario is about.</summary>
    /// <param name="result">The run.</param>
    public static string Metric(LoadResult result)
    {
        var latency = result.LatencyMilliseconds;
        return result.Scenario switch
        {
            LoadScenario.SingleStream => Invariant($"90th percentile {latency.P90:0.000} ms{Confident(result)}"),
            LoadScenario.MultiStream => Invariant(
                $"99th percentile {latency.P99:0.000} ms for {result.SamplesPerQuery} images at once{Confident(result)}"
            ),
            LoadScenario.Server => Invariant(
                $"{result.Rate:0.0} images/s arriving, 99th percentile {latency.P99:0.000} ms of {result.BoundMilliseconds:0.###} ms"
            ),
            LoadScenario.Offline => Invariant($"{result.SamplesPerSecond:0.0} images/s"),
            _ => Invariant(
                $"{result.CallerCount} callers, {result.SamplesPerSecond:0.0} images/s, 99th percentile {latency.P99:0.000} ms"
            ),
        };
    }

    /// <summary>How much was measured.</summary>
    /// <param name="result">The run.</param>
    public static string Amount(LoadResult result)
    {
        var overhead = result.SamplesPerSecondWithoutOverhead is { } without
            ? Invariant($" ({without:0.0} without the time between two queries)")
            : "";
        return Invariant(
            $"{result.QueryCount} queries in {result.Seconds:0.0} s, {result.SamplesPerSecond:0.0} images/s answered{overhead}"
        );
    }

    /// <summary>The sizes of the batches; null where none were seen.</summary>
    /// <param name="result">The run.</param>
    public static string? Batches(LoadResult result) =>
        result.MeanBatch is { } mean
            ? Invariant(
                $"batches of {mean:0.0} on average: {string.Join(", ", result.Batches.Select(batch => Invariant($"{batch.Count} of {batch.Size}")))}"
            )
            : null;

    /// <summary>VALID, or INVALID with what is missing.</summary>
    /// <param name="result">The run.</param>
    public static string Verdict(LoadResult result) =>
        result.Verdict.IsValid ? "VALID" : $"INVALID: {string.Join("; ", Faults(result))}";

    /// <summary>What the generator has to say about itself; null where it kept the schedule.</summary>
    /// <param name="result">The run.</param>
    public static string? Lateness(LoadResult result) =>
        result.LatenessMilliseconds is { } late && late.P99 > LateShare * result.BoundMilliseconds
            ? Invariant(
                $"The generator did not keep its schedule: it asked up to {late.P99:0.00} ms (99th percentile) after an arrival, which the latencies include. It needs time on this machine that the host takes."
            )
            : null;

    private const double LateShare = 0.1; // of the bound, from where on it matters

    private static string Confident(LoadResult result) =>
        result.ConfidentMilliseconds is { } estimate
            ? Invariant($" (at most {estimate:0.000} ms with a confidence of 99%)")
            : "";

    private static IEnumerable<string> Faults(LoadResult result)
    {
        var verdict = result.Verdict;
        (bool Holds, string Fault)[] rules =
        [
            (verdict.AllAnswered, $"{result.FailedCount} queries failed, the first with: {result.FirstFault}"),
            (!result.FellBehind, "ever more images waited"),
            (verdict.KeepsBound != false || result.FellBehind, "the 99th percentile is beyond the bound"),
            (verdict.IsLongEnough, "it was too short"),
            (verdict.HasEnoughQueries, "it had too few queries"),
            (verdict.IsConfident != false || verdict.KeepsBound == false, "too few queries for a confidence of 99%"),
        ];
        return rules.Where(rule => !rule.Holds).Select(rule => rule.Fault);
    }
}
