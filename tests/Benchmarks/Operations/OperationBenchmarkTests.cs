using ILGpuMobileNet.Benchmarks.Operations;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Tests.Operations;

[Collection("device")]
public sealed class OperationBenchmarkTests
{
    [Fact]
    public void Yardsticks_compute_what_the_operations_do()
    {
        Compare(new CopyChannelsBenchmark());
        Compare(new DepthwiseConvBenchmark());
        Compare(new ElementwiseBenchmark());
        Compare(new GlobalAveragePoolBenchmark());
        Compare(new GroupedConvBenchmark());
        Compare(new LinearBenchmark());
        Compare(new PadChannelsBenchmark());
        Compare(new PointwiseConvBenchmark());
        Compare(new PoolBenchmark());
        Compare(new SoftmaxBenchmark());
        Compare(new SqueezeExciteBenchmark());
        Compare(new StandardConvBenchmark());
    }

    [Fact]
    public void Resizing_differs_from_its_yardstick_by_one_level_at_most()
    {
        const double level = 0.0172;
        foreach (var test in ResizeNormalizeBenchmark.Cases)
        {
            var benchmark = new ResizeNormalizeBenchmark { Case = test };
            benchmark.Prepare();
            benchmark.Naive();
            benchmark.Run();
            var (actual, expected) = (benchmark.Outputs()[0], benchmark.Outputs()[1]);
            Assert.InRange(actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max(), 0, 1.01 * level);
            benchmark.Release();
        }
    }

    [Fact]
    public void Chains_compute_what_their_operations_do_one_after_the_other()
    {
        foreach (var test in RowChainBenchmark.Cases)
        {
            var benchmark = new RowChainBenchmark { Case = test };
            benchmark.Prepare();
            benchmark.Apart();
            benchmark.Tied();
            AssertSame(benchmark.Outputs(), tolerance: 0);
            benchmark.Release();
        }
    }

    [Fact]
    public void Largest_values_run_their_first_case()
    {
        var benchmark = new TopKBenchmark { Case = TopKBenchmark.Cases.First() };
        benchmark.Prepare();
        benchmark.Naive();
        benchmark.Tensors();
        benchmark.Run();
        AssertSame(benchmark.Outputs(), tolerance: 0);
        benchmark.Release();
    }

    private static void Compare<TCase>(OperationBenchmark<TCase> benchmark)
    {
        foreach (var test in benchmark.Cases)
        {
            benchmark.Case = test;
            benchmark.Prepare();
            benchmark.Naive();
            benchmark.Tensors();
            benchmark.Run();
            AssertSame(benchmark.Outputs(), tolerance: 1e-5);
            benchmark.Release();
        }
    }

    private static void AssertSame(IReadOnlyList<float[]> outputs, double tolerance)
    {
        var expected = outputs[0].Select(value => (double)value).ToList();
        Assert.All(outputs, output => Assert.InRange(Closeness.RelativeError(expected, output), 0, tolerance));
    }
}
