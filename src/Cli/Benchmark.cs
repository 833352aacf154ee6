using System.Diagnostics;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Cli;

/// <summary>Measures how long a network takes.</summary>
/// <param name="loaded">The network.</param>
/// <param name="device">Where it runs.</param>
/// <param name="threadCount">Threads on the CPU; 0 is one per core.</param>
internal sealed class Benchmark(LoadedModel loaded, DeviceName device, int threadCount)
{
    private const double WarmUpShare = 0.2;
    private const int MinimalRunCount = 3;

    /// <summary>Warms up for a fifth of the time, then measures single runs.</summary>
    /// <param name="batch">Images in a run.</param>
    /// <param name="duration">How long to measure; at least three runs are.</param>
    /// <param name="cancellationToken">Stops between two runs.</param>
    public Measurement Measure(int batch, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var session = Devices.CreateSession(loaded.Model, device, new SessionOptions(batch, threadCount));
        var trial = new Trial(session);
        _ = Times(trial, duration * WarmUpShare, cancellationToken);
        return Describe(session, Times(trial, duration, cancellationToken));
    }

    private Measurement Describe(ISession session, List<double> milliseconds)
    {
        var median = Trial.Median(milliseconds);
        return new(
            loaded.Name,
            session.Device,
            "float32",
            session.MaximalBatch,
            (session as CpuSession)?.ThreadCount,
            (session as GpuSession)?.LaunchCount,
            median,
            milliseconds.Min(),
            session.MaximalBatch * 1000 / median,
            Environment.WorkingSet,
            session.Memory.Total
        );
    }

    private static List<double> Times(Trial trial, TimeSpan duration, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        var start = Stopwatch.GetTimestamp();
        while (times.Count < MinimalRunCount || Stopwatch.GetElapsedTime(start) < duration)
        {
            cancellationToken.ThrowIfCancellationRequested();
            times.Add(trial.Run() * 1000);
        }
        return times;
    }
}
