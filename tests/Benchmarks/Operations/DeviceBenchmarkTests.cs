using ILGpuMobileNet.Benchmarks.Operations;

namespace ILGpuMobileNet.Benchmarks.Tests.Operations;

/// <summary>Every benchmark on every device, an accelerator among them.</summary>
[Collection("device")]
[Trait("Device", "ilgpu")]
public sealed class DeviceBenchmarkTests
{
    public static TheoryData<string> Devices { get; } = [.. DeviceBenchmark.DeviceNames];

    [Theory]
    [MemberData(nameof(Devices))]
    public void Every_operation_runs_its_last_case(string device)
    {
        Run(new CopyChannelsBenchmark(), device);
        Run(new DepthwiseConvBenchmark(), device);
        Run(new ElementwiseBenchmark(), device);
        Run(new GlobalAveragePoolBenchmark(), device);
        Run(new GroupedConvBenchmark(), device);
        Run(new LinearBenchmark(), device);
        Run(new PadChannelsBenchmark(), device);
        Run(new PointwiseConvBenchmark(), device);
        Run(new PoolBenchmark(), device);
        Run(new SoftmaxBenchmark(), device);
        Run(new SqueezeExciteBenchmark(), device);
        Run(new StandardConvBenchmark(), device);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Resizing_runs_its_first_case(string device)
    {
        var benchmark = new ResizeNormalizeBenchmark { Device = device, Case = ResizeNormalizeBenchmark.Cases.First() };
        benchmark.Prepare();
        benchmark.Run();
        benchmark.Release();
    }

    private static void Run<TCase>(OperationBenchmark<TCase> benchmark, string device)
    {
        (benchmark.Device, benchmark.Case) = (device, benchmark.Cases.Last());
        benchmark.Prepare();
        benchmark.Run();
        benchmark.Release();
    }
}
