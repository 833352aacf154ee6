using System.Diagnostics;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Cli;

/// <summary>Measures how long a network takes.</summary>
/// <param name="loaded">The network.</param>
/// <param name="device">Where it runs.</param>
/// <param name="threadCount">Threads on the CPU; 0 is one per core.</param>
internal sealed class Benchmark(LoadedModel loaded, DeviceName device, int threadCount)
{
    private const double WarmUpShare = 0.2;
    private const int MinimalRunCount = 3;
    private const ulong InputSeed = 1;

    /// <summary>Warms up for a fifth of the time, then measures single runs.</summary>
    /// <param name="batch">Images in a run.</param>
    /// <param name="duration">How long to measure; at least three runs are.</param>
    /// <param name="cancellationToken">Stops between two runs.</param>
    public Measurement Measure(int batch, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var session = Devices.CreateSession(loaded.Model, device, new SessionOptions(batch, threadCount));
        var input = new float[checked(batch * session.Input.ElementCount)];
        WeightFormula.Fill("input", InputSeed, input, scale: 2, offset: -1);
        var output = new float[checked(batch * session.Output.ElementCount)];
        void Run() => session.Run(input, output, batch);
        _ = Times(Run, duration * WarmUpShare, cancellationToken);
        var milliseconds = Times(Run, duration, cancellationToken);
        milliseconds.Sort();
        return Describe(session, milliseconds);
    }

    private Measurement Describe(ISession session, List<double> sortedMilliseconds)
    {
        var median = Median(sortedMilliseconds);
        return new(
            loaded.Name,
            session.Device,
            "float32",
            session.MaximalBatch,
            (session as CpuSession)?.ThreadCount,
            (session as GpuSession)?.LaunchCount,
            median,
            sortedMilliseconds[0],
            session.MaximalBatch * 1000 / median,
            Environment.WorkingSet,
            session.Memory.Total
        );
    }

    private static List<double> Times(Action run, TimeSpan duration, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        var start = Stopwatch.GetTimestamp();
        while (times.Count < MinimalRunCount || Stopwatch.GetElapsedTime(start) < duration)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var before = Stopwatch.GetTimestamp();
            run();
            times.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
        }
        return times;
    }

    private static double Median(List<double> sorted)
    {
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
