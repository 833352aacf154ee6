using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Simd;

public sealed class DepthwiseConvTests
{
    public static TheoryData<ConvolutionTest, SimdWidth> Cases { get; } = Widths.Times(ConvolutionTests.Depthwise);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference(ConvolutionTest test, SimdWidth width)
    {
        var shapes = ConvolutionCase.Padded(test.Input, test.OutputChannels, test.Window, width);
        var weights = new DenseWeights(test.WeightValues(), test.BiasValues());
        using var operation = DepthwiseConv.Create(width, shapes, weights, test.Activation);
        Widths.AssertClose(ReferenceOperations.Convolution(test), Widths.RunOf(test, width).Run(operation));
    }
}
