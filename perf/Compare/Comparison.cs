using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
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

    private readonly string _folder = Directory.CreateTempSubdirectory("mobilenet-compare").FullName;
    private readonly Workload _workload;
    private readonly string _inputPath;
    private readonly int _batch;
    private readonly int _threads;
    private readonly TimedSession _ours;
    private readonly OnnxRuntimePeer _peer;

    public Comparison(ComparisonCase compared)
    {
        (_batch, _threads) = (compared.Batch, compared.Threads);
        _workload = new(compared.Network, compared.Options, _batch);
        _inputPath = _workload.WriteImages(_folder);
        _ours = new(_workload, _batch, _threads);
        _peer = new(_workload.WriteModel(_folder), _threads);
    }

    /// <summary>Measures, after both have warmed up and were found to agree.</summary>
    /// <param name="rounds">How often.</param>
    public ComparisonResult Run(int rounds)
    {
        var error = OutputError();
        var (ourTime, peerTime) = (WarmUp(_ours.Measure), WarmUp(Peer));
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
                ourTimes.AddRange(Turns.Take(() => _ours.Measure(ourRuns)));
                peerTimes.AddRange(Turns.Take(() => Peer(peerRuns)));
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
        _ours.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Milliseconds of a run when everything is warm.</summary>
    private static double WarmUp(Func<int, IEnumerable<double>> measure)
    {
        var first = measure(2).Last();
        return Trial.Median(measure((int)Math.Clamp(WarmMilliseconds / first, 3, 100)));
    }

    private static int RunsPerTurn(double milliseconds) => (int)Math.Clamp(TurnMilliseconds / milliseconds, 2, 100);

    private IEnumerable<double> Peer(int runs) => _peer.Measure(_inputPath, runs);

    private double OutputError()
    {
        var path = Path.Combine(_folder, "output.npy");
        _peer.Run(_inputPath, path);
        var expected = Array.ConvertAll(Npy.Read(path).Data.ToArray(), value => (double)value);
        return Closeness.RelativeError(expected, _ours.Run());
    }
}
