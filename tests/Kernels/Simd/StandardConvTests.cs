using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Simd;

public sealed class StandardConvTests
{
    public static TheoryData<ConvolutionTest, SimdWidth> Cases { get; } =
        Widths.Times(ConvolutionTests.Standard.Where(test => test.Groups == 1));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference(ConvolutionTest test, SimdWidth width) => Check(test, width, readsPacked: false);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference_on_packed_images(ConvolutionTest test, SimdWidth width) =>
        Check(test, width, readsPacked: true);

    private static void Check(ConvolutionTest test, SimdWidth width, bool readsPacked)
    {
        var shapes = ConvolutionCase.Padded(test.Input, test.OutputChannels, test.Window, width);
        shapes = readsPacked ? shapes with { InputStride = test.Input.Channels } : shapes;
        var weights = new DenseWeights(TapMajor(test), test.BiasValues());
        using var operation = new StandardConv(width, shapes, weights, test.Activation);
        Widths.AssertClose(
            ReferenceOperations.Convolution(test),
            Widths.RunOf(test, width, readsPacked).Run(operation)
        );
    }

    // [O, I, kH, kW] as [O, kH, kW, I].
    private static float[] TapMajor(ConvolutionTest test)
    {
        var (weights, taps, channels) = (test.WeightValues(), test.Window.TapCount, test.Input.Channels);
        return
        [
            .. weights
                .Chunk(test.FanIn)
                .SelectMany(output =>
                    Enumerable.Range(0, test.FanIn).Select(i => output[i % channels * taps + i / channels])
                ),
        ];
    }
}
