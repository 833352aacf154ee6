namespace ILGpuMobileNet.Host.Load;

/// <summary>
/// Searches for the highest rate with which the server scenario passes: halves the interval from nothing to what the
/// host can do at most, then confirms the best rate by a run of its own, going down where that fails. So it takes at
/// most a fixed number of runs.
/// </summary>
internal static class RateSearch
{
    /// <summary>Halvings of the interval; the last is 1/64 of what the host can do.</summary>
    public const int HalvingCount = 6;

    /// <summary>Runs at most that confirm.</summary>
    public const int ConfirmationCount = 5;

    /// <summary>From one confirmation to the next.</summary>
    public const double Descent = 0.95;

    /// <summary>Searches.</summary>
    /// <param name="capacity">Images a second that the host can do at most.</param>
    /// <param name="run">Runs the scenario at a rate.</param>
    public static async Task<RateSearchResult> RunAsync(double capacity, Func<double, Task<LoadResult>> run)
    {
        var trials = new List<LoadResult>();
        var (low, high) = (0.0, capacity);
        for (var i = 0; i < HalvingCount; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = await PassesAsync(middle).ConfigureAwait(false) ? (middle, high) : (low, middle);
        }
        for (var i = 0; i < ConfirmationCount && low > 0; i++, low *= Descent)
        {
            if (await PassesAsync(low).ConfigureAwait(false))
            {
                return new(capacity, trials[^1], trials);
            }
        }
        return new(capacity, null, trials);

        async Task<bool> PassesAsync(double rate)
        {
            trials.Add(await run(rate).ConfigureAwait(false));
            return trials[^1].Verdict.IsValid;
        }
    }
}

/// <summary>What a search for the highest rate found.</summary>
/// <param name="Capacity">Images a second of the host with always enough to do, where the search began.</param>
/// <param name="Best">The run that confirmed the rate; null where no rate passed.</param>
/// <param name="Trials">
/// All runs, in their order; where <paramref name="Capacity"/> is 0, the one that found it so and no other.
/// </param>
public sealed record RateSearchResult(double Capacity, LoadResult? Best, IReadOnlyList<LoadResult> Trials);
