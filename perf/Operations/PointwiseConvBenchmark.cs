using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

public class PointwiseConvBenchmark : ConvolutionBenchmark
{
    private protected override IEnumerable<ConvolutionTest> Shapes =>
        NetworkCases.Convolutions(test => test.Window.IsPointwise);

    private protected override SimdOperation Create(ConvolutionTest test, SimdWidth width) =>
        SimdOperations.Pointwise(test, width);
}
