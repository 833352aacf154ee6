namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>How the time of an image grows with the batch.</summary>
/// <param name="SmallMilliseconds">Time of an image in a small batch, in the best turn.</param>
/// <param name="LargeMilliseconds">The same in a large one.</param>
/// <param name="Ratios">Time of an image in the large batch over that in the small one, one for each turn.</param>
internal sealed record BatchGrowthResult(
    double SmallMilliseconds,
    double LargeMilliseconds,
    IReadOnlyList<double> Ratios
);

/// <summary>
/// Two sessions of this library that take turns: one built for a small batch, one for a large one. In a turn both do as
/// many images, so that what a first run after a pause costs weighs the same.
/// </summary>
internal sealed class BatchGrowth : IDisposable
{
    /// <summary>Images in a run of the small one.</summary>
    public const int SmallBatch = 8;

    private const int MostTurns = 25;
    private const int FewestTurns = 7;
    private const double TotalMilliseconds = 5000; // where so few turns do

    private readonly int _largeBatch;
    private readonly TimedSession _small;
    private readonly TimedSession _large;

    public BatchGrowth(ComparisonCase compared)
    {
        _largeBatch = compared.Batch;
        var workload = new Workload(compared.Network, compared.Options, _largeBatch);
        _small = new(workload, SmallBatch, compared.Threads);
        _large = new(workload, _largeBatch, compared.Threads);
    }

    /// <summary>Measures, after both have warmed up.</summary>
    public BatchGrowthResult Run()
    {
        TakeTurn();
        var (warmSmall, warmLarge) = TakeTurn();
        return Run((int)Math.Clamp(TotalMilliseconds / (warmSmall + warmLarge), FewestTurns, MostTurns));
    }

    /// <summary>Measures.</summary>
    /// <param name="turns">How often.</param>
    public BatchGrowthResult Run(int turns)
    {
        var times = Enumerable.Range(0, turns).Select(_ => TakeTurn()).ToList();
        return new(
            times.Min(turn => turn.Small) / _largeBatch,
            times.Min(turn => turn.Large) / _largeBatch,
            [.. times.Select(turn => turn.Large / turn.Small)]
        );
    }

    public void Dispose()
    {
        _small.Dispose();
        _large.Dispose();
    }

    /// <summary>Milliseconds of the large batch's images, in small batches and in one.</summary>
    private (double Small, double Large) TakeTurn() =>
        (Turns.Take(() => _small.Measure(_largeBatch / SmallBatch).Sum()), Turns.Take(() => _large.Measure(1).Sum()));
}
