using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Simd;

public sealed class PoolTests
{
    public static TheoryData<PoolTest, SimdWidth> Cases { get; } = Widths.Times(PoolTest.All);

    public static TheoryData<FeatureShape, SimdWidth> Shapes { get; } =
        Widths.Times<FeatureShape>([new(1, 1, 1), new(7, 7, 33), new(13, 5, 260), new(112, 113, 3)]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference(PoolTest test, SimdWidth width)
    {
        var input = test.InputValues();
        foreach (var kind in Enum.GetValues<PoolKind>())
        {
            var shapes = SimdOperations.Case(test, width);
            using var operation = Pool.Create(width, shapes, kind);
            var run = new SimdRun(width, test.Batch)
            {
                Input = input,
                InputShape = test.Input,
                OutputShape = shapes.Output,
            };
            var expected = ReferenceOperations.Pool(kind, test.Input, test.Window, test.Batch, input);
            Widths.AssertClose(expected, run.Run(operation));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Global_average_matches_reference(FeatureShape shape, SimdWidth width)
    {
        var input = TestValues.Uniform(1, 2 * shape.ElementCount).Select(value => value + 1).ToArray();
        using var operation = new GlobalAveragePool(width, shape);
        var run = new SimdRun(width, 2)
        {
            Input = input,
            InputShape = shape,
            OutputShape = new(1, 1, shape.Channels),
        };
        Widths.AssertClose(ReferenceOperations.GlobalAveragePool(shape, 2, input), run.Run(operation));
    }
}
