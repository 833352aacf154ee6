using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>The CPU operation of a case, with the case's weights.</summary>
internal static class SimdOperations
{
    public static ConvolutionCase Case(ConvolutionTest test, SimdWidth width) =>
        ConvolutionCase.Of(
            test.Input,
            Simd.PaddedChannels(test.Input.Channels, width),
            test.OutputChannels,
            test.Window
        );

    public static ConvolutionCase Case(PoolTest test, SimdWidth width) =>
        ConvolutionCase.Of(
            test.Input,
            Simd.PaddedChannels(test.Input.Channels, width),
            test.Input.Channels,
            test.Window
        );

    public static PointwiseConv Pointwise(ConvolutionTest test, SimdWidth width) =>
        new(width, Case(test, width), new(test.WeightValues(), test.BiasValues()), test.Activation, test.HasGate);

    public static DepthwiseConv Depthwise(ConvolutionTest test, SimdWidth width) =>
        DepthwiseConv.Create(width, Case(test, width), new(test.WeightValues(), test.BiasValues()), test.Activation);

    public static StandardConv Standard(ConvolutionTest test, SimdWidth width, bool readsPacked)
    {
        var shapes = Case(test, width);
        shapes = readsPacked ? shapes with { InputStride = test.Input.Channels } : shapes;
        return new(width, shapes, new(test.TapMajorWeights(), test.BiasValues()), test.Activation);
    }

    public static GroupedConv Grouped(ConvolutionTest test, SimdWidth width) =>
        new(width, Case(test, width), test.Groups, new(test.TapMajorWeights(), test.BiasValues()), test.Activation);

    /// <summary>The operation that the window and the groups ask for.</summary>
    public static RowOperation Any(ConvolutionTest test, SimdWidth width, bool readsPacked = false) =>
        test.Groups > 1 ? Depthwise(test, width)
        : test.Window.IsPointwise ? Pointwise(test, width)
        : Standard(test, width, readsPacked);

    public static RowChain Chain(ChainTest test, SimdWidth width) =>
        new(test.Tests.Select((stage, i) => Any(stage, width, test.ReadsPacked && i == 0)), test.ResidualStage);

    public static SqueezeExcite SqueezeExcite(SqueezeExciteTest test, SimdWidth width) =>
        new(
            width,
            test.Input,
            new(new(test.ReduceWeights(), test.ReduceBias()), test.Hidden),
            new(new(test.ExpandWeights(), test.ExpandBias()), test.Gate)
        );
}
