using BenchmarkDotNet.Attributes;
using ILGpuMobileNet.Benchmarks.Compare;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Benchmarks.Networks;

/// <summary>Whole networks, from images in memory to outputs there; on the CPU on one thread.</summary>
public class NetworkBenchmark : DeviceBenchmark
{
    private ISession? _session;
    private float[] _input = [];
    private float[] _output = [];

    [Params("mobilenet_v1", "mobilenet_v2", "mobilenet_v3_large", "mobilenet_v3_small")]
    public string Network { get; set; } = "";

    [Params(1, 8)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var workload = new Workload(Network, Batch);
        _session = Devices.CreateSession(workload.Model, DeviceName.Parse(Device), new(Batch, ThreadCount: 1));
        _input = workload.Images;
        _output = new float[Batch * _session.Output.ElementCount];
    }

    [Benchmark]
    public void Run() => _session!.Run(_input, _output, Batch);

    [GlobalCleanup]
    public void Release() => _session?.Dispose();
}
