using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Gpu;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>The GPU operation of a case, with the case's weights.</summary>
internal static class GpuOperations
{
    public static ConvolutionCase Case(ConvolutionTest test) =>
        ConvolutionCase.Of(test.Input, PaddedChannels(test.Input), test.OutputChannels, test.Window);

    public static ConvolutionCase Case(PoolTest test) =>
        ConvolutionCase.Of(test.Input, PaddedChannels(test.Input), test.Input.Channels, test.Window);

    public static PointwiseConv Pointwise(ConvolutionTest test, PointwiseTile tile) =>
        new(
            (int)test.Input.PixelCount,
            new(test.WeightValues(), test.BiasValues()),
            test.Activation,
            new(tile, test.HasGate, test.HasResidual)
        );

    public static Linear Linear(ConvolutionTest test) =>
        new(new(test.WeightValues(), test.BiasValues()), test.Activation, new(test.HasGate, test.HasResidual));

    public static SqueezeExcite SqueezeExcite(SqueezeExciteTest test, int sumsBandCount = 0) =>
        new(
            test.Input,
            new(new(test.ReduceWeights(), test.ReduceBias()), test.Hidden),
            new(new(test.ExpandWeights(), test.ExpandBias()), test.Gate),
            sumsBandCount
        );

    public static DepthwiseConv Depthwise(ConvolutionTest test, bool writesSums = false) =>
        new(
            Case(test),
            new(test.WeightValues(), test.BiasValues()),
            test.Activation,
            new(test.HasResidual, writesSums)
        );

    public static StandardConv Standard(ConvolutionTest test, bool readsPacked)
    {
        var shapes = Case(test);
        shapes = readsPacked ? shapes with { InputStride = test.Input.Channels } : shapes;
        return new(
            shapes,
            new(test.TapMajorWeights(), test.BiasValues()),
            test.Activation,
            new(readsPacked, test.HasResidual)
        );
    }

    public static GroupedConv Grouped(ConvolutionTest test) =>
        new(Case(test), test.Groups, new(test.TapMajorWeights(), test.BiasValues()), test.Activation, test.HasResidual);

    private static int PaddedChannels(FeatureShape shape) => Float4.CountFor(shape.Channels) * 4;
}
