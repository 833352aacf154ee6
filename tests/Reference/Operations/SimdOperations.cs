using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>The CPU operation of a case, with the case's weights.</summary>
internal static class SimdOperations
{
    public static PointwiseConv Pointwise(ConvolutionTest test, SimdWidth width) =>
        new(width, (int)test.Input.PixelCount, new(test.WeightValues(), test.BiasValues()), test.Activation);

    public static DepthwiseConv Depthwise(ConvolutionTest test, SimdWidth width) =>
        DepthwiseConv.Create(
            width,
            ConvolutionCase.Padded(test.Input, test.OutputChannels, test.Window, width),
            new(test.WeightValues(), test.BiasValues()),
            test.Activation
        );

    public static StandardConv Standard(ConvolutionTest test, SimdWidth width, bool readsPacked)
    {
        var shapes = ConvolutionCase.Padded(test.Input, test.OutputChannels, test.Window, width);
        shapes = readsPacked ? shapes with { InputStride = test.Input.Channels } : shapes;
        return new(width, shapes, new(TapMajor(test), test.BiasValues()), test.Activation);
    }

    public static SqueezeExcite SqueezeExcite(SqueezeExciteTest test, SimdWidth width) =>
        new(
            width,
            test.Input,
            new(new(test.ReduceWeights(), test.ReduceBias()), test.Hidden),
            new(new(test.ExpandWeights(), test.ExpandBias()), test.Gate)
        );

    // [O, I, kH, kW] as [O, kH, kW, I].
    private static float[] TapMajor(ConvolutionTest test)
    {
        var (taps, channels) = (test.Window.TapCount, test.Input.Channels);
        var order = Enumerable.Range(0, test.FanIn).Select(i => i % channels * taps + i / channels).ToArray();
        return [.. test.WeightValues().Chunk(test.FanIn).SelectMany(output => order.Select(i => output[i]))];
    }
}
