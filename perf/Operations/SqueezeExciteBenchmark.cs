using ILGpuMobileNet.Benchmarks.Yardsticks;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

public class SqueezeExciteBenchmark : MapBenchmark<SqueezeExciteTest>
{
    private protected override IEnumerable<SqueezeExciteTest> Shapes =>
        [
            new(1, new(56, 56, 16), 8, Activation.Relu, Activation.HardSigmoid()),
            new(1, new(28, 28, 120), 32, Activation.Relu, Activation.HardSigmoid()),
            new(1, new(7, 7, 960), 240, Activation.Relu, Activation.HardSigmoid()),
        ];

    private protected override SimdOperation Create(SqueezeExciteTest test, SimdWidth width) =>
        SimdOperations.SqueezeExcite(test, width);

    private protected override GpuOperation Create(SqueezeExciteTest test, DeviceLimits limits) =>
        GpuOperations.SqueezeExcite(test);

    private protected override FeatureMaps MapsOf(SqueezeExciteTest test) =>
        new(test.InputValues(), test.Input, new(1, 1, test.Input.Channels), test.Batch);

    private protected override Yardstick NaiveOf(SqueezeExciteTest test) => NaiveOperations.SqueezeExcite(test);

    private protected override Yardstick TensorsOf(SqueezeExciteTest test) => TensorOperations.SqueezeExcite(test);
}
