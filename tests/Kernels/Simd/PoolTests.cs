using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Simd;

public sealed record PoolTest(int Batch, FeatureShape Input, Window Window);

public sealed class PoolTests
{
    private static readonly PoolTest[] s_pools =
    [
        new(1, new(1, 1, 1), Window.Pointwise),
        new(2, new(4, 96, 200), new(Extent.Square(2), Extent.Square(2), Extent.Square(1), default)),
        new(2, new(7, 5, 17), new(Extent.Square(3), Extent.Square(2), Extent.Square(1), new(1, 1, 1, 1))),
        new(1, new(9, 9, 33), new(new(3, 2), new(1, 3), new(2, 1), new(1, 0, 2, 1))),
        new(3, new(2, 2, 8), new(Extent.Square(2), Extent.Square(5), Extent.Square(1), default)),
    ];

    public static TheoryData<PoolTest, SimdWidth> Cases { get; } = Widths.Times(s_pools);

    public static TheoryData<FeatureShape, SimdWidth> Shapes { get; } =
        Widths.Times<FeatureShape>([new(1, 1, 1), new(7, 7, 33), new(13, 5, 260), new(112, 113, 3)]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference(PoolTest test, SimdWidth width)
    {
        var input = TestValues.Uniform(1, test.Batch * test.Input.ElementCount);
        foreach (var kind in Enum.GetValues<PoolKind>())
        {
            var shapes = ConvolutionCase.Padded(test.Input, test.Input.Channels, test.Window, width);
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
