using ILGpuMobileNet.Benchmarks.Yardsticks;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;
using GpuPool = ILGpuMobileNet.Kernels.Gpu.Pool;
using SimdPool = ILGpuMobileNet.Kernels.Simd.Pool;

namespace ILGpuMobileNet.Benchmarks.Operations;

public class PoolBenchmark : MapBenchmark<PoolTest>
{
    private protected override IEnumerable<PoolTest> Shapes =>
        [new(1, new(2, 96, 200), s_half), new(1, new(4, 80, 512), s_half), new(1, new(32, 32, 8), s_half)];

    private static readonly Window s_half = new(Extent.Square(2), Extent.Square(2), Extent.Square(1), default);

    private protected override SimdOperation Create(PoolTest test, SimdWidth width) =>
        SimdPool.Create(width, SimdOperations.Case(test, width), PoolKind.Max);

    private protected override GpuOperation Create(PoolTest test, DeviceLimits limits) =>
        new GpuPool(GpuOperations.Case(test), PoolKind.Max);

    private protected override FeatureMaps MapsOf(PoolTest test) =>
        new(test.InputValues(), test.Input, test.Output, test.Batch);

    private protected override Yardstick NaiveOf(PoolTest test) => NaiveOperations.MaxPool(test);

    private protected override Yardstick TensorsOf(PoolTest test) => TensorOperations.MaxPool(test);
}
