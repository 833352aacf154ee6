using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

public class PoolBenchmark : OperationBenchmark<PoolTest>
{
    private protected override IEnumerable<PoolTest> Shapes =>
        [new(1, new(2, 96, 200), s_half), new(1, new(4, 80, 512), s_half), new(1, new(32, 32, 8), s_half)];

    private static readonly Window s_half = new(Extent.Square(2), Extent.Square(2), Extent.Square(1), default);

    private protected override SimdOperation Create(PoolTest test, SimdWidth width) =>
        Pool.Create(width, SimdOperations.Case(test, width), PoolKind.Max);

    private protected override SimdRun RunOf(PoolTest test, SimdWidth width) =>
        new(width, test.Batch)
        {
            Input = test.InputValues(),
            InputShape = test.Input,
            OutputShape = test.Output,
        };
}
