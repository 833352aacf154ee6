using ILGpuMobileNet.Benchmarks.Yardsticks;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

public class StandardConvBenchmark : ConvolutionBenchmark
{
    private protected override IEnumerable<ConvolutionTest> Shapes =>
        NetworkCases.Convolutions(test => test.Groups == 1 && !test.Window.IsPointwise);

    private protected override bool ReadsPacked => true;

    private protected override SimdOperation Create(ConvolutionTest test, SimdWidth width) =>
        SimdOperations.Standard(test, width, ReadsPacked);

    private protected override GpuOperation Create(ConvolutionTest test, DeviceLimits limits) =>
        GpuOperations.Standard(test, ReadsPacked);

    private protected override Yardstick TensorsOf(ConvolutionTest test) => TensorConvolutions.Convolution(test);
}
