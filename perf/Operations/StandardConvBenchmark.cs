using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

public class StandardConvBenchmark : ConvolutionBenchmark
{
    private protected override IEnumerable<ConvolutionTest> Shapes =>
        NetworkCases.Convolutions(test => test.Groups == 1 && !test.Window.IsPointwise);

    private protected override SimdOperation Create(ConvolutionTest test, SimdWidth width) =>
        SimdOperations.Standard(test, width, readsPacked: true);

    private protected override SimdRun RunOf(ConvolutionTest test, SimdWidth width) =>
        SimdRun.Of(test, width, readsPacked: true);
}
