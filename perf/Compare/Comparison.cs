using System.Diagnostics;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Onnx;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>What was measured for one network, batch and number of threads.</summary>
/// <param name="OursMilliseconds">Median of the best round.</param>
/// <param name="PeerMilliseconds">Median of the best round.</param>
/// <param name="Ratios">The peer's median over ours, one for each round; above 1 we are faster.</param>
/// <param name="FlopsPerSecond">Floating-point operations a second of ours, two for each multiply-add.</param>
/// <param name="BoundFlopsPerSecond">What the threads do at most, measured before every round; the best.</param>
/// <param name="RelativeError">Largest difference of the outputs, relative to the largest.</param>
internal sealed record ComparisonResult(
    double OursMilliseconds,
    double PeerMilliseconds,
    IReadOnlyList<double> Ratios,
    double FlopsPerSecond,
    double BoundFlopsPerSecond,
    double RelativeError
);

/// <summary>This library and ONNX Runtime on one network with the same weights and images, taking turns.</summary>
internal sealed class Comparison : IDisposable
{
    private const int MostTurns = 10; // of a round
    private const int FewestTurns = 3;
    private const double RoundMilliseconds = 1500; // of one engine, where so few turns do
    private const double TurnMilliseconds = 60;
    private const double WarmMilliseconds = 1000;

    // Either engine's threads look for work for a while after a run, ONNX Runtime's for 50 to 60 ms; they must be asleep
    // when the other is measured.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly string _folder = Directory.CreateTempSubdirectory("mobilenet-compare").FullName;
    private readonly Workload _workload;
    private readonly int _batch;
    private readonly int _threads;
    private readonly CpuSession _session;
    private readonly OnnxRuntimePeer _peer;
    private readonly float[] _output;

    public Comparison(ComparisonCase compared)
    {
        (_batch, _threads) = (compared.Batch, compared.Threads);
        _workload = new(compared.Network, compared.Options, _batch);
        var model = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(model, OnnxWriter.Write(_workload.Model, new(Opset: 17)));
        WriteInput();
        _session = new(_workload.Model, new(_batch, _threads));
        _peer = new(model, _threads);
        _output = new float[_batch * _session.Output.ElementCount];
    }

    private string InputPath => Path.Combine(_folder, "input.npy");

    /// <summary>Measures, after both have warmed up and were found to agree.</summary>
    /// <param name="rounds">How often.</param>
    public ComparisonResult Run(int rounds)
    {
        var error = OutputError();
        var (ourTime, peerTime) = (WarmUp(Ours), WarmUp(Peer));
        var (ourRuns, peerRuns) = (RunsPerTurn(ourTime), RunsPerTurn(peerTime));
        var turns = (int)Math.Clamp(RoundMilliseconds / (ourRuns * ourTime), FewestTurns, MostTurns);
        var (ours, peers) = (new List<double>(), new List<double>());
        var bound = 0.0;
        for (var round = 0; round < rounds; round++)
        {
            bound = Math.Max(bound, MachineBounds.Measure(_threads).FlopsPerSecond);
            var (ourTimes, peerTimes) = (new List<double>(), new List<double>());
            for (var turn = 0; turn < turns; turn++)
            {
                Thread.Sleep(s_pause);
                ourTimes.AddRange(Ours(ourRuns));
                Thread.Sleep(s_pause);
                peerTimes.AddRange(Peer(peerRuns));
            }
            ours.Add(Trial.Median(ourTimes));
            peers.Add(Trial.Median(peerTimes));
        }
        var flops = 2.0 * _batch * NetworkSummary.Of(_workload.Model.Graph).Macs;
        return new(
            ours.Min(),
            peers.Min(),
            [.. peers.Zip(ours, (peer, our) => peer / our)],
            flops / ours.Min() * 1000,
            bound,
            error
        );
    }

    public void Dispose()
    {
        _peer.Dispose();
        _session.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Milliseconds of a run when everything is warm.</summary>
    private static double WarmUp(Func<int, IEnumerable<double>> measure)
    {
        var first = measure(2).Last();
        return Trial.Median(measure((int)Math.Clamp(WarmMilliseconds / first, 3, 100)));
    }

    private static int RunsPerTurn(double milliseconds) => (int)Math.Clamp(TurnMilliseconds / milliseconds, 2, 100);

    private IEnumerable<double> Peer(int runs) => _peer.Measure(InputPath, runs);

    private List<double> Ours(int runs)
    {
        var times = new List<double>(runs);
        for (var run = 0; run < runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            _session.Run(_workload.Images, _output, _batch);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return times;
    }

    private double OutputError()
    {
        var path = Path.Combine(_folder, "output.npy");
        _peer.Run(InputPath, path);
        _session.Run(_workload.Images, _output, _batch);
        var expected = Array.ConvertAll(Npy.Read(path).Data.ToArray(), value => (double)value);
        return Closeness.RelativeError(expected, _output);
    }

    private void WriteInput()
    {
        var shape = _workload.Model.Graph.Input;
        var planar = new float[_workload.Images.Length];
        ChannelLayout.ToChannelsFirst(_workload.Images, shape, planar);
        Npy.Write(InputPath, new([_batch, shape.Channels, shape.Height, shape.Width], planar));
    }
}
