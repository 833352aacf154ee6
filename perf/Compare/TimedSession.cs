using System.Diagnostics;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>A session of this library with a full batch of a workload's images.</summary>
internal sealed class TimedSession(Workload workload, int batch, int threads) : IDisposable
{
    private readonly CpuSession _session = new(workload.Model, new(batch, threads));
    private readonly float[] _output = new float[batch * workload.Model.Graph.Output.ElementCount];

    /// <summary>Runs once.</summary>
    /// <returns><c>[N, C]</c>, until the next run.</returns>
    public IReadOnlyList<float> Run()
    {
        _session.Run(workload.Images.AsSpan(0, (int)(batch * _session.Input.ElementCount)), _output, batch);
        return _output;
    }

    /// <summary>Times runs.</summary>
    /// <param name="runs">How many.</param>
    /// <returns>Milliseconds of each run.</returns>
    public List<double> Measure(int runs)
    {
        var times = new List<double>(runs);
        for (var run = 0; run < runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            Run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return times;
    }

    public void Dispose() => _session.Dispose();
}
