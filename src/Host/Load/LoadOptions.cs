namespace ILGpuMobileNet.Host.Load;

/// <summary>What a load generator does in a run. The defaults suit a laptop; MLPerf's runs take longer.</summary>
public sealed record LoadOptions
{
    /// <summary>Samples of a query in MLPerf's multi-stream scenario.</summary>
    public const int DefaultSamplesPerQuery = 8;

    /// <summary>How images come.</summary>
    public LoadScenario Scenario { get; init; }

    /// <summary>Images of a query in the multi-stream scenario; in the others a query is one image.</summary>
    public int SamplesPerQuery { get; init; } = DefaultSamplesPerQuery;

    /// <summary>Callers of the scenario that is called after them.</summary>
    public int CallerCount { get; init; } = 64;

    /// <summary>Images that arrive a second in the server scenario.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>
    /// What the 99th percentile of the latencies must not exceed in the server scenario; the default is MLPerf's for
    /// ResNet-50.
    /// </summary>
    public TimeSpan LatencyBound { get; init; } = TimeSpan.FromMilliseconds(15);

    /// <summary>How long the same load runs before anything counts.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A run takes at least so long; MLPerf's takes 60 s or more.</summary>
    public TimeSpan MinimalDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>No query begins later than this, even if there were fewer than there should be.</summary>
    public TimeSpan MaximalDuration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A run has at least so many queries; null for the fewest that tell its percentile with a confidence of 99%.
    /// MLPerf's server scenario was 270,336 queries long before it had a rule for stopping early.
    /// </summary>
    public int? MinimalQueryCount { get; init; }

    /// <summary>Decides when images arrive, and which.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The percentile that counts, as a share.</summary>
    internal double Percentile => Scenario == LoadScenario.SingleStream ? 0.9 : 0.99;

    /// <summary>Images of a query.</summary>
    internal int QuerySize => Scenario == LoadScenario.MultiStream ? SamplesPerQuery : 1;

    /// <summary>Queries that a run has at least.</summary>
    internal int FewestQueries =>
        MinimalQueryCount ?? (Scenario == LoadScenario.Offline ? 1 : EarlyStopping.FewestQueries(Percentile));

    /// <summary>Refuses what no run can be.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(SamplesPerQuery, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SamplesPerQuery, ClassifierOptions.LargestBatch);
        ArgumentOutOfRangeException.ThrowIfLessThan(CallerCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CallerCount, MostCallers);
        ArgumentOutOfRangeException.ThrowIfLessThan(Rate, SlowestRate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Rate, FastestRate);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(LatencyBound, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LatencyBound, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(WarmUp, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(WarmUp, LongestRun);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MinimalDuration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximalDuration, MinimalDuration);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaximalDuration, LongestRun);
        ArgumentOutOfRangeException.ThrowIfLessThan(FewestQueries, 1, nameof(MinimalQueryCount));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(FewestQueries, MostQueries, nameof(MinimalQueryCount));
    }

    private const int MostCallers = 1 << 16;
    private const int MostQueries = 1 << 26;
    private const double SlowestRate = 1e-6; // a search goes down to a hundredth of what a slow host can do
    private const double FastestRate = 1e6;
    private static readonly TimeSpan LongestRun = TimeSpan.FromHours(1);
}
