using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>Makes the vector operation of a step: chooses the kernel and brings the weights into its order.</summary>
/// <param name="width">Vector width.</param>
internal sealed class CpuOperations(SimdWidth width)
{
    /// <summary>True for the one operation that reads packed images as callers hand them over.</summary>
    /// <param name="step">A step that reads the graph's input.</param>
    public static bool ReadsPackedInput(PlanStep step) =>
        step is ConvolutionStep { Gate: null } convolution && KindOf(convolution) == ConvolutionKind.Standard;

    /// <summary>Packs a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="packedInput">Whether its input is a packed image rather than the padded layout.</param>
    public SimdOperation Create(PlanStep step, bool packedInput) =>
        step switch
        {
            ConvolutionStep convolution => Convolution(convolution, packedInput),
            SqueezeExciteStep gate => new SqueezeExcite(
                width,
                step.Input.Shape,
                Dense(gate.Reduce),
                Dense(gate.Expand)
            ),
            GlobalAveragePoolStep => new GlobalAveragePool(width, step.Input.Shape),
            PoolStep pool => Pool.Create(width, Case(step, pool.Window, packedInput), pool.Kind),
            ElementwiseStep elementwise => Elementwise.Create(width, step.Output.Shape, elementwise.Activation),
            SoftmaxStep => new Softmax(width, step.Output.Shape),
            _ => throw new NotSupportedException($"Step '{step.Name}' is a {step.GetType().Name}."),
        };

    private enum ConvolutionKind
    {
        Pointwise,
        Depthwise,
        Standard,
    }

    private static ConvolutionKind KindOf(ConvolutionStep step)
    {
        var geometry = step.Geometry;
        if (geometry.IsDepthwise && step.Output.Shape.Channels == geometry.InputChannels)
        {
            return ConvolutionKind.Depthwise;
        }
        return geometry.Groups == 1 && geometry.Window.IsPointwise
            ? ConvolutionKind.Pointwise
            : ConvolutionKind.Standard;
    }

    private SimdOperation Convolution(ConvolutionStep step, bool packedInput)
    {
        var (window, activation) = (step.Geometry.Window, step.Layer.Activation);
        switch (KindOf(step))
        {
            case ConvolutionKind.Pointwise:
                return new PointwiseConv(width, (int)step.Input.Shape.PixelCount, Weights(step.Layer), activation);
            case ConvolutionKind.Depthwise:
                return DepthwiseConv.Create(width, Case(step, window, packedInput), Weights(step.Layer), activation);
            default:
                var weights = new DenseWeights(TapMajor(step), ToSingle(step.Layer.Bias));
                return new StandardConv(width, Case(step, window, packedInput), weights, activation);
        }
    }

    private ConvolutionCase Case(PlanStep step, Window window, bool packedInput)
    {
        var channels = step.Input.Shape.Channels;
        var stride = packedInput ? channels : Simd.PaddedChannels(channels, width);
        return ConvolutionCase.Of(step.Input.Shape, stride, step.Output.Shape.Channels, window);
    }

    /// <summary>
    /// <c>[O, I/groups, kH, kW]</c> as <c>[O, kH, kW, I]</c>; what a group does not read has the weight zero.
    /// </summary>
    private static float[] TapMajor(ConvolutionStep step)
    {
        var (channels, groups) = (step.Geometry.InputChannels, step.Geometry.Groups);
        var (taps, outputs) = (step.Geometry.Window.TapCount, step.Layer.OutputCount);
        var perGroup = channels / groups;
        var result = new float[CheckedLength(step.Name, (long)outputs * taps * channels)];
        for (var o = 0; o < outputs; o++)
        {
            var firstChannel = o / (outputs / groups) * perGroup;
            for (var i = 0; i < perGroup; i++)
            {
                for (var tap = 0; tap < taps; tap++)
                {
                    result[(o * taps + tap) * channels + firstChannel + i] = (float)
                        step.Layer.Weights[(o * perGroup + i) * taps + tap];
                }
            }
        }
        return result;
    }

    private static int CheckedLength(string layer, long length) =>
        length <= Array.MaxLength
            ? (int)length
            : throw new InsufficientMemoryException(
                $"Layer '{layer}' has groups, which the CPU computes as one: that makes {length} weights of them, and at "
                    + $"most {Array.MaxLength} can be held. Use one group, or as many as there are channels in and out."
            );

    private static DenseLayer Dense(FoldedLayer layer) => new(Weights(layer), layer.Activation);

    private static DenseWeights Weights(FoldedLayer layer) => new(ToSingle(layer.Weights), ToSingle(layer.Bias));

    private static float[] ToSingle(double[] values) => Array.ConvertAll(values, value => (float)value);
}
