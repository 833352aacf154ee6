using ILGpuMobileNet.Benchmarks.Yardsticks;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;
using GpuElementwise = ILGpuMobileNet.Kernels.Gpu.Elementwise;
using GpuGlobalAveragePool = ILGpuMobileNet.Kernels.Gpu.GlobalAveragePool;
using GpuPadChannels = ILGpuMobileNet.Kernels.Gpu.PadChannels;
using GpuSoftmax = ILGpuMobileNet.Kernels.Gpu.Softmax;
using SimdElementwise = ILGpuMobileNet.Kernels.Simd.Elementwise;
using SimdGlobalAveragePool = ILGpuMobileNet.Kernels.Simd.GlobalAveragePool;
using SimdPadChannels = ILGpuMobileNet.Kernels.Simd.PadChannels;
using SimdSoftmax = ILGpuMobileNet.Kernels.Simd.Softmax;

namespace ILGpuMobileNet.Benchmarks.Operations;

/// <summary>Operations that one image's shape describes.</summary>
public abstract class ShapeBenchmark : MapBenchmark<FeatureShape>
{
    private protected virtual FeatureShape OutputOf(FeatureShape input) => input;

    private protected override FeatureMaps MapsOf(FeatureShape test) =>
        new(TestValues.Uniform(1, test.ElementCount), test, OutputOf(test));
}

public class GlobalAveragePoolBenchmark : ShapeBenchmark
{
    private protected override IEnumerable<FeatureShape> Shapes => [new(7, 7, 960), new(7, 7, 1280), new(28, 28, 120)];

    private protected override FeatureShape OutputOf(FeatureShape input) => new(1, 1, input.Channels);

    private protected override SimdOperation Create(FeatureShape test, SimdWidth width) =>
        new SimdGlobalAveragePool(width, test);

    private protected override GpuOperation Create(FeatureShape test, DeviceLimits limits) =>
        new GpuGlobalAveragePool(test);

    private protected override Yardstick NaiveOf(FeatureShape test) => NaiveOperations.GlobalAveragePool(test);

    private protected override Yardstick TensorsOf(FeatureShape test) => TensorOperations.GlobalAveragePool(test);
}

public class SoftmaxBenchmark : ShapeBenchmark
{
    private protected override IEnumerable<FeatureShape> Shapes => [new(1, 1, 2), new(1, 1, 1000)];

    private protected override SimdOperation Create(FeatureShape test, SimdWidth width) => new SimdSoftmax(width, test);

    private protected override GpuOperation Create(FeatureShape test, DeviceLimits limits) => new GpuSoftmax(test);

    private protected override Yardstick NaiveOf(FeatureShape test) => NaiveOperations.Softmax(test);

    private protected override Yardstick TensorsOf(FeatureShape test) => TensorOperations.Softmax(test);
}

public class ElementwiseBenchmark : ShapeBenchmark
{
    private protected override IEnumerable<FeatureShape> Shapes => [new(56, 56, 64), new(14, 14, 480)];

    private protected override SimdOperation Create(FeatureShape test, SimdWidth width) =>
        SimdElementwise.Create(width, test, Activation.Silu);

    private protected override GpuOperation Create(FeatureShape test, DeviceLimits limits) =>
        new GpuElementwise(test, Activation.Silu);

    private protected override Yardstick NaiveOf(FeatureShape test) => NaiveOperations.Silu(test);

    private protected override Yardstick TensorsOf(FeatureShape test) => TensorOperations.Silu(test);
}

public class PadChannelsBenchmark : ShapeBenchmark
{
    private protected override IEnumerable<FeatureShape> Shapes => [new(224, 224, 3), new(48, 192, 3)];

    private protected override bool ReadsPacked => true;

    private protected override SimdOperation Create(FeatureShape test, SimdWidth width) =>
        new SimdPadChannels(width, test);

    private protected override GpuOperation Create(FeatureShape test, DeviceLimits limits) => new GpuPadChannels(test);

    private protected override Yardstick NaiveOf(FeatureShape test) =>
        NaiveOperations.PadChannels(test, StrideOf(test));

    private protected override Yardstick TensorsOf(FeatureShape test) =>
        TensorOperations.PadChannels(test, StrideOf(test));

    private static int StrideOf(FeatureShape test) => Simd.PaddedChannels(test.Channels, Simd.Preferred);
}
