namespace ILGpuMobileNet.Host.Load;

/// <summary>Callers that ask again as soon as they are answered.</summary>
internal static class ClosedLoop
{
    /// <summary>
    /// Lets callers ask until the run is long enough. What was answered between the end of the warm-up and then counts:
    /// all callers were busy all that time.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="callers">How many ask at once.</param>
    /// <param name="next">Draws the images of a caller's next query, given the caller.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static async Task<LoadWindow> RunAsync(
        LoadRun run,
        int callers,
        Func<int, int[]> next,
        CancellationToken cancellationToken
    )
    {
        await TogetherAsync(callers, CallAsync, cancellationToken).ConfigureAwait(false);
        var (begin, end) = (run.Options.WarmUp, run.Log.End!.Value);
        return new(begin, end, [.. run.Log.Queries.Where(query => query.Done > begin && query.Done <= end)]);

        async Task CallAsync(int caller)
        {
            while (run.Clock.Elapsed is var now && !run.Log.IsOver(now))
            {
                await run.AskAsync(now, next(caller), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Lets callers share a number of images that are all there from the beginning; their times count from there. What
    /// is under way is limited by the callers, as a host limits what it reads ahead.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="sampleCount">The images.</param>
    /// <param name="callers">How many ask at once.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static async Task<LoadWindow> AllAsync(
        LoadRun run,
        int sampleCount,
        int callers,
        CancellationToken cancellationToken
    )
    {
        var (begin, left) = (run.Clock.Elapsed, sampleCount);
        await TogetherAsync(callers, CallAsync, cancellationToken).ConfigureAwait(false);
        return new(begin, run.Clock.Elapsed, run.Log.Queries);

        async Task CallAsync(int caller)
        {
            while (Interlocked.Decrement(ref left) >= 0 && run.Log.FailedCount < QueryLog.MostFailures)
            {
                await run.AskAsync(begin, run.Schedule.NextSamples(1), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // On threads of the pool from the beginning: a caller whose answers are there at once would keep the others waiting.
    private static Task TogetherAsync(int callers, Func<int, Task> call, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => call(caller), cancellationToken)));
}
