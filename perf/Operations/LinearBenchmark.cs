using ILGpuMobileNet.Benchmarks.Yardsticks;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

/// <summary>Fully connected layers; the CPU computes them as pointwise convolutions of one pixel.</summary>
public class LinearBenchmark : ConvolutionBenchmark
{
    private protected override IEnumerable<ConvolutionTest> Shapes =>
        NetworkCases.Convolutions(test => test.Window.IsPointwise && test.Input.PixelCount == 1);

    private protected override SimdOperation Create(ConvolutionTest test, SimdWidth width) =>
        SimdOperations.Pointwise(test, width);

    private protected override GpuOperation Create(ConvolutionTest test, DeviceLimits limits) =>
        GpuOperations.Linear(test);

    private protected override Yardstick TensorsOf(ConvolutionTest test) => TensorConvolutions.Pointwise(test);
}
