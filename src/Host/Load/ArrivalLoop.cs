using System.Diagnostics;

namespace ILGpuMobileNet.Host.Load;

/// <summary>
/// Queries that arrive on time whether or not the ones before are answered. A query's latency counts from its scheduled
/// arrival: one that was asked late, because the machine had no time for it, took as long as it would have seemed to
/// its caller.
/// </summary>
internal static class ArrivalLoop
{
    // A run whose queue is longer than what the rate brings in ten times the bound cannot pass any more.
    private const int HopelessBounds = 10;
    private const int LeastHopeless = 1000;

    /// <summary>Lets queries arrive until the run is long enough, then waits for the answers. The warm-up's do not count.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static async Task<LoadWindow> RunAsync(LoadRun run, CancellationToken cancellationToken)
    {
        var options = run.Options;
        var pending = new PendingQueries();
        // A thread of its own, which does not stand in line with the work of the host.
        var (end, fellBehind) = await Task
            .Factory.StartNew(
                () => Arrive(run, pending, cancellationToken),
                cancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            )
            .ConfigureAwait(false);
        await pending.AllAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var counted = run.Log.Queries.Where(query => query.Scheduled >= options.WarmUp);
        return new(options.WarmUp, end, [.. counted], fellBehind);
    }

    /// <summary>Queries that wait, and with which a run cannot pass any more.</summary>
    /// <param name="options">The run's.</param>
    public static int Hopeless(LoadOptions options) =>
        (int)Math.Max(LeastHopeless, HopelessBounds * options.Rate * options.LatencyBound.TotalSeconds);

    private static (TimeSpan End, bool FellBehind) Arrive(
        LoadRun run,
        PendingQueries pending,
        CancellationToken cancellationToken
    )
    {
        var (options, count, hopeless) = (run.Options, 0, Hopeless(run.Options));
        foreach (var arrival in run.Schedule.Arrivals(options.Rate))
        {
            var isBehind = pending.Count >= hopeless;
            if (isBehind || IsOver(arrival - options.WarmUp, count, run))
            {
                return (arrival, isBehind); // up to this one, which does not come, the schedule was kept
            }
            run.Clock.WaitUntil(arrival, cancellationToken);
            pending.Add(run.AskAsync(arrival, run.Schedule.NextSamples(1), cancellationToken));
            count += arrival >= options.WarmUp ? 1 : 0;
        }
        throw new UnreachableException(); // the schedule has no end
    }

    private static bool IsOver(TimeSpan counted, int count, LoadRun run) =>
        counted >= run.Options.MaximalDuration
        || counted >= run.Options.MinimalDuration && count >= run.Options.FewestQueries
        || run.Log.FailedCount >= QueryLog.MostFailures;
}
