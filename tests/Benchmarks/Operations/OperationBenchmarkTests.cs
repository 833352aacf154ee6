using ILGpuMobileNet.Benchmarks.Operations;

namespace ILGpuMobileNet.Benchmarks.Tests.Operations;

[Collection("device")]
public sealed class OperationBenchmarkTests
{
    public static TheoryData<string> Devices { get; } = [.. DeviceBenchmark.DeviceNames];

    [Theory]
    [MemberData(nameof(Devices))]
    public void Every_operation_runs_its_last_case(string device)
    {
        Run(new DepthwiseConvBenchmark(), device);
        Run(new ElementwiseBenchmark(), device);
        Run(new GlobalAveragePoolBenchmark(), device);
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

    [Fact]
    public void Largest_values_run_their_first_case()
    {
        var benchmark = new TopKBenchmark { Case = TopKBenchmark.Cases.First() };
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
