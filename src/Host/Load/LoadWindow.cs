namespace ILGpuMobileNet.Host.Load;

/// <summary>What of a run counts.</summary>
/// <param name="Begin">The end of the warm-up.</param>
/// <param name="End">The end of the measurement.</param>
/// <param name="Queries">The queries that count.</param>
/// <param name="FellBehind">Whether it was broken off because ever more queries waited.</param>
internal sealed record LoadWindow(
    TimeSpan Begin,
    TimeSpan End,
    IReadOnlyList<QueryTimes> Queries,
    bool FellBehind = false
)
{
    /// <summary>The end of the measurement; that of the warm-up where the run was broken off before.</summary>
    public TimeSpan End { get; } = End > Begin ? End : Begin;
}
