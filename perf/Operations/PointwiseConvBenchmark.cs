using ILGpuMobileNet.Benchmarks.Yardsticks;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

public class PointwiseConvBenchmark : ConvolutionBenchmark
{
    private protected override IEnumerable<ConvolutionTest> Shapes =>
        NetworkCases.Convolutions(test => test.Window.IsPointwise && test.Input.PixelCount > 1);

    private protected override SimdOperation Create(ConvolutionTest test, SimdWidth width) =>
        SimdOperations.Pointwise(test, width);

    // The tile that a session takes where nothing was measured.
    private protected override GpuOperation Create(ConvolutionTest test, DeviceLimits limits)
    {
        var rows = test.Batch * test.Input.PixelCount;
        var problem = new PointwiseProblem(rows, test.Input.Channels, test.OutputChannels);
        return GpuOperations.Pointwise(test, new LaunchRule(limits).TileFor(problem));
    }

    private protected override Yardstick TensorsOf(ConvolutionTest test) => TensorConvolutions.Pointwise(test);
}
