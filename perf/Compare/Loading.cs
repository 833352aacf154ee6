using System.Diagnostics;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>Times from a file of weights to the first result.</summary>
/// <param name="Ours">Milliseconds of each turn, from a safetensors file.</param>
/// <param name="Peer">Milliseconds of each turn, ONNX Runtime's from an ONNX file.</param>
internal sealed record LoadingResult(IReadOnlyList<double> Ours, IReadOnlyList<double> Peer)
{
    /// <summary>This library's time over ONNX Runtime's, one for each turn.</summary>
    public IEnumerable<double> Ratios => Ours.Zip(Peer, (ours, peer) => ours / peer);
}

/// <summary>
/// This library and ONNX Runtime take turns in opening a file with the same weights, making a session and running one
/// image. Both are processes that have done it before.
/// </summary>
internal sealed class Loading : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mobilenet-loading").FullName;
    private readonly ComparisonCase _case;
    private readonly Workload _workload;
    private readonly string _weights;
    private readonly string _images;
    private readonly OnnxRuntimePeer _peer;

    public Loading(ComparisonCase compared)
    {
        _case = compared;
        _workload = new(compared.Network, compared.Options, 1);
        _weights = Path.Combine(_folder, "weights.safetensors");
        Safetensors.Write(_weights, _workload.Model.Weights);
        _images = _workload.WriteImages(_folder);
        _peer = new(_workload.WriteModel(_folder), compared.Threads);
    }

    /// <summary>Measures, after one turn that does not count.</summary>
    /// <param name="turns">How often.</param>
    public LoadingResult Run(int turns)
    {
        _ = (Ours(), Peer());
        var (ours, peers) = (new List<double>(), new List<double>());
        for (var turn = 0; turn < turns; turn++)
        {
            ours.Add(Turns.Take(Ours));
            peers.Add(Turns.Take(Peer));
        }
        return new(ours, peers);
    }

    public void Dispose()
    {
        _peer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private double Ours()
    {
        var start = Stopwatch.GetTimestamp();
        var loaded = ModelSource.Load(new() { Model = _case.Network, Weights = _weights });
        using var session = Devices.CreateSession(loaded.Model, DeviceName.Parse("cpu"), new(1, _case.Threads));
        session.Run(_workload.Images, new float[session.Output.ElementCount], 1);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private double Peer() => _peer.MeasureLoading(_images, 1).Single();
}
