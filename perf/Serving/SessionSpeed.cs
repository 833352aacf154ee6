using System.Diagnostics;
using ILGpuMobileNet.Benchmarks.Compare;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Benchmarks.Serving;

/// <summary>How fast a plain session is.</summary>
/// <param name="Batch">Images in a run.</param>
/// <param name="Milliseconds">Median time of a run.</param>
/// <param name="ImagesPerSecond">All images over all the time.</param>
internal sealed record SessionSpeed(int Batch, double Milliseconds, double ImagesPerSecond)
{
    private static readonly int[] s_batches = [1, 2, 4, 8, 16, 32];
    private const int TurnCount = 7; // of each batch, of which the middle one counts
    private const double Alike = 0.98; // of the fastest: what differs by less may be the other way round the next time

    /// <summary>Measures sessions for several batches, which take turns.</summary>
    /// <param name="network">The network.</param>
    /// <param name="threads">Threads of a session.</param>
    /// <param name="turn">How long a turn takes.</param>
    public static IReadOnlyList<SessionSpeed> OfBatches(string network, int threads, TimeSpan turn)
    {
        var workload = new Workload(network, s_batches.Max());
        TimedSession[] sessions = [.. s_batches.Select(batch => new TimedSession(workload, batch, threads))];
        var speeds = Enumerable
            .Range(0, TurnCount + 1)
            .Select(_ => sessions.Select((s, i) => Measure(s, s_batches[i], turn)).ToList())
            .ToList();
        Array.ForEach(sessions, session => session.Dispose());
        // The first turn warms up.
        return
        [
            .. s_batches.Select(
                (_, i) =>
                    speeds
                        .Skip(1)
                        .Select(one => one[i])
                        .OrderBy(speed => speed.ImagesPerSecond)
                        .ElementAt(TurnCount / 2)
            ),
        ];
    }

    /// <summary>The largest batch of those that are as fast as any but for noise.</summary>
    /// <param name="speeds">The speeds of batches.</param>
    public static int BestBatch(IReadOnlyList<SessionSpeed> speeds)
    {
        var most = speeds.Max(speed => speed.ImagesPerSecond);
        return speeds.Where(speed => speed.ImagesPerSecond >= Alike * most).Max(speed => speed.Batch);
    }

    /// <summary>Runs a session for a time.</summary>
    /// <param name="session">The session.</param>
    /// <param name="batch">Its batch.</param>
    /// <param name="duration">The time, in which it runs once at least.</param>
    public static SessionSpeed Measure(TimedSession session, int batch, TimeSpan duration)
    {
        var (start, times) = (Stopwatch.GetTimestamp(), new List<double>());
        do
        {
            times.AddRange(session.Measure(1));
        } while (Stopwatch.GetElapsedTime(start) < duration);
        return new(batch, Trial.Median(times), batch * times.Count / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
