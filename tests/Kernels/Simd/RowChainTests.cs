using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Simd;

public sealed class RowChainTests
{
    private static readonly Window s_pointwise = Window.Pointwise;

    public static TheoryData<ChainTest, SimdWidth> Cases { get; } =
        Widths.Times<ChainTest>([
            new(2, new(19, 21, 24), [Expand(72), Depthwise(3, 1), Project(24)]) { ResidualStage = 2 },
            new(1, new(23, 17, 3), [Standard(3, 2, 16), Depthwise(3, 1), Project(20), Expand(40), Depthwise(5, 2)]),
            new(3, new(31, 9, 8), [Depthwise(3, 2), Expand(30), Depthwise(5, 1), Project(12)]) { HasGate = false },
            new(2, new(15, 12, 40), [Project(24), Expand(33), Depthwise(5, 2)]) { HasGate = true },
            new(2, new(17, 6, 10), [Expand(18), Standard(3, 2, 7), Project(5)]) { ResidualStage = 0 },
            new(1, new(40, 5, 6), [Depthwise(7, 4), Depthwise(3, 2), Expand(9)]),
            new(1, new(12, 14, 5), [Expand(21), Dilated(3, 2), Project(4)]) { ResidualStage = 1 },
            new(1, new(3, 4, 7), [Depthwise(3, 5), Expand(11), Depthwise(5, 1)]),
            new(1, new(2, 2, 4), [Expand(6), Far(), Project(3)]),
        ]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gives_the_bits_of_the_operations_one_after_the_other(ChainTest test, SimdWidth width)
    {
        var expected = test.RunApart(width);
        foreach (var threads in new[] { 1, 2, 3, 16 })
        {
            Assert.Equal(expected, test.RunTied(width, threads));
        }
    }

    private static ChainStage Expand(int outputs) => new(s_pointwise, outputs) { Activation = Activation.HardSwish };

    private static ChainStage Project(int outputs) => new(s_pointwise, outputs);

    private static ChainStage Depthwise(int kernel, int stride) =>
        new(ConvolutionTests.Symmetric(kernel, stride), null) { Activation = Activation.Relu6 };

    private static ChainStage Dilated(int kernel, int dilation) =>
        new(ConvolutionTests.Symmetric(kernel, 1, dilation), null);

    private static ChainStage Standard(int kernel, int stride, int outputs) =>
        new(ConvolutionTests.Symmetric(kernel, stride), outputs) { Activation = Activation.Relu };

    /// <summary>A window of which some rows see nothing but padding.</summary>
    private static ChainStage Far() =>
        new(new(Extent.Square(3), Extent.Square(1), Extent.Square(1), new(4, 4, 4, 4)), null);
}
