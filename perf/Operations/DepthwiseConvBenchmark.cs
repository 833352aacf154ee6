using ILGpuMobileNet.Benchmarks.Yardsticks;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

public class DepthwiseConvBenchmark : ConvolutionBenchmark
{
    private protected override IEnumerable<ConvolutionTest> Shapes =>
        NetworkCases.Convolutions(test => test.Groups > 1);

    private protected override SimdOperation Create(ConvolutionTest test, SimdWidth width) =>
        SimdOperations.Depthwise(test, width);

    private protected override GpuOperation Create(ConvolutionTest test, DeviceLimits limits) =>
        GpuOperations.Depthwise(test);

    private protected override Yardstick TensorsOf(ConvolutionTest test) => TensorConvolutions.Depthwise(test);
}
