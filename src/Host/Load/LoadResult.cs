using System.Collections.Immutable;

namespace ILGpuMobileNet.Host.Load;

/// <summary>What a run of a load generator measured. It is no MLPerf result: those come from MLPerf's own generator.</summary>
/// <param name="Scenario">How images came.</param>
/// <param name="Model">Name of the model.</param>
/// <param name="Devices">Where it ran.</param>
/// <param name="QueryCount">Queries that count.</param>
/// <param name="SamplesPerQuery">Images of a query.</param>
/// <param name="FailedCount">Queries that failed, the warm-up's too.</param>
/// <param name="FirstFault">What the first of them failed with; null where none did.</param>
/// <param name="Seconds">How long it was measured.</param>
/// <param name="SamplesPerSecond">Images answered a second.</param>
/// <param name="LatencyMilliseconds">
/// Latencies of the queries: from when they were due, in the offline scenario from the beginning, to the answer of their
/// last image.
/// </param>
/// <param name="Batches">Batches of the measured time, the smallest first.</param>
/// <param name="Verdict">Whether it is what the scenario asks for.</param>
public sealed record LoadResult(
    LoadScenario Scenario,
    string Model,
    IReadOnlyList<string> Devices,
    int QueryCount,
    int SamplesPerQuery,
    int FailedCount,
    string? FirstFault,
    double Seconds,
    double SamplesPerSecond,
    Percentiles LatencyMilliseconds,
    ImmutableArray<BatchCount> Batches,
    LoadVerdict Verdict
)
{
    /// <summary>Callers at once, in the scenario that is called after them; else null.</summary>
    public int? CallerCount { get; init; }

    /// <summary>Images that arrived a second, in the server scenario; else null.</summary>
    public double? Rate { get; init; }

    /// <summary>The bound of the 99th percentile, in the server scenario; else null.</summary>
    public double? BoundMilliseconds { get; init; }

    /// <summary>
    /// How late images were asked for after their arrival, in the server scenario; else null. It is the generator's own
    /// fault and counts in the latencies.
    /// </summary>
    public Percentiles? LatenessMilliseconds { get; init; }

    /// <summary>Whether the run was broken off because ever more images waited (server scenario).</summary>
    public bool FellBehind { get; init; }

    /// <summary>
    /// What the scenario's percentile of the latencies does not exceed with a confidence of 99%, as MLPerf's rule for
    /// stopping early has it: the 90th in the single-stream scenario, else the 99th. Null where there were too few
    /// queries, and in the server and offline scenarios.
    /// </summary>
    public double? ConfidentMilliseconds { get; init; }

    /// <summary>Images a second if asking took no time: one over the mean latency, in the single-stream scenario; else null.</summary>
    public double? SamplesPerSecondWithoutOverhead { get; init; }

    /// <summary>Mean number of images in a batch; null where none were seen.</summary>
    public double? MeanBatch =>
        Batches.Sum(batch => batch.Count) is > 0 and var count
            ? (double)Batches.Sum(batch => (long)batch.Size * batch.Count) / count
            : null;

    /// <summary>Sums a run up.</summary>
    /// <param name="run">The run.</param>
    /// <param name="target">What was asked.</param>
    /// <param name="window">What of it counts.</param>
    /// <param name="batches">Its batches.</param>
    internal static LoadResult Of(
        LoadRun run,
        ILoadTarget target,
        LoadWindow window,
        ImmutableArray<BatchCount> batches
    )
    {
        var (options, queries) = (run.Options, window.Queries);
        var latencies = Sorted(queries, query => query.Done - query.Scheduled);
        var latency = Percentiles.Of(latencies);
        var lastAnswer = queries.Count == 0 ? window.End : queries.Max(query => query.Done);
        var seconds = (lastAnswer > window.End ? lastAnswer : window.End) - window.Begin;
        var isServer = options.Scenario == LoadScenario.Server;
        var isStream = options.Scenario is LoadScenario.SingleStream or LoadScenario.MultiStream;
        return new(
            options.Scenario,
            target.Model,
            target.Devices,
            queries.Count,
            options.QuerySize,
            run.Log.FailedCount,
            run.Log.FirstFault,
            seconds.TotalSeconds,
            queries.Count == 0 ? 0 : queries.Count * options.QuerySize / seconds.TotalSeconds,
            latency,
            batches,
            LoadVerdict.Of(run, window, latencies)
        )
        {
            CallerCount = options.Scenario == LoadScenario.Callers ? options.CallerCount : null,
            Rate = isServer ? options.Rate : null,
            BoundMilliseconds = isServer ? options.LatencyBound.TotalMilliseconds : null,
            LatenessMilliseconds = isServer
                ? Percentiles.Of(Sorted(queries, query => query.Issued - query.Scheduled))
                : null,
            FellBehind = window.FellBehind,
            ConfidentMilliseconds = isStream ? EarlyStopping.Estimate(latencies, options.Percentile) : null,
            SamplesPerSecondWithoutOverhead =
                options.Scenario == LoadScenario.SingleStream ? 1000 / latency.Mean : null,
        };
    }

    private static double[] Sorted(IReadOnlyList<QueryTimes> queries, Func<QueryTimes, TimeSpan> time) =>
        [.. queries.Select(query => time(query).TotalMilliseconds).Order()];
}

/// <summary>How often batches of one size were run.</summary>
/// <param name="Size">Images in the batch.</param>
/// <param name="Count">How often.</param>
public sealed record BatchCount(int Size, int Count);
