using ILGpuMobileNet.Benchmarks.Yardsticks;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

/// <summary>The grouped pointwise convolutions of ShuffleNet in three groups.</summary>
public class GroupedConvBenchmark : ConvolutionBenchmark
{
    private protected override IEnumerable<ConvolutionTest> Shapes =>
        [new(1, new(28, 28, 240), 60, Window.Pointwise, 3), new(1, new(14, 14, 120), 480, Window.Pointwise, 3)];

    private protected override SimdOperation Create(ConvolutionTest test, SimdWidth width) =>
        SimdOperations.Grouped(test, width);

    private protected override GpuOperation Create(ConvolutionTest test, DeviceLimits limits) =>
        GpuOperations.Grouped(test);

    private protected override Yardstick TensorsOf(ConvolutionTest test) => TensorConvolutions.GroupedPointwise(test);
}
