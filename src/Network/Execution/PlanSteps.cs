using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>One fused operation of a plan; values are those of the graph it was fused from.</summary>
/// <param name="Name">Name of the layer it starts with.</param>
/// <param name="Input">Value read.</param>
/// <param name="Output">Value written: that of the last layer fused into it.</param>
internal abstract record PlanStep(string Name, Value Input, Value Output)
{
    /// <summary>Value of a gate per image and channel that the input is multiplied by, or none.</summary>
    public int? Gate { get; init; }

    /// <summary>Value that is added to the output, or none.</summary>
    public int? Residual { get; init; }

    /// <summary>Shape of what is added, where something is.</summary>
    public virtual FeatureShape ResidualShape => Output.Shape;

    /// <summary>Every value read.</summary>
    public IEnumerable<int> Reads
    {
        get
        {
            yield return Input.Id;
            if (Gate is { } gate)
            {
                yield return gate;
            }
            if (Residual is { } residual)
            {
                yield return residual;
            }
        }
    }

    /// <summary>Weights and biases.</summary>
    public virtual long WeightCount => 0;

    /// <summary>Multiply-adds of one image; sums and functions of single elements are not counted.</summary>
    public virtual long Macs => 0;

    /// <summary>Numbers of the input and of the output of one image that are touched.</summary>
    public virtual (long Read, long Written) Touched => (Input.Shape.ElementCount, Output.Shape.ElementCount);

    /// <summary>The shapes of a convolution or pooling.</summary>
    /// <param name="window">Kernel, stride, dilation, padding.</param>
    /// <param name="paddedChannels">Channels that an input pixel takes in the device's layout.</param>
    public ConvolutionCase Case(Window window, int paddedChannels)
    {
        var stride = ReadsPackedInput ? Input.Shape.Channels : paddedChannels;
        return ConvolutionCase.Of(Input.Shape, stride, Output.Shape.Channels, window);
    }

    /// <summary>Whether it reads the caller's images as they are, without padded channels.</summary>
    public bool ReadsPackedInput =>
        this is PadInputStep
        || (Input.Id == 0 && this is ConvolutionStep { Gate: null, Kind: ConvolutionKind.Standard })
        || (this is RowChainStep chain && chain.Stages[0].ReadsPackedInput);
}

/// <summary>The copy of the caller's images into the layout with padded channels.</summary>
internal sealed record PadInputStep(NetworkGraph Graph)
    : PlanStep("input", new(PackedInputId, Graph.Input), new(0, Graph.Input))
{
    private const int PackedInputId = -1;

    /// <summary>The steps with the copy before them where one of them needs it.</summary>
    /// <param name="steps">Fused steps.</param>
    /// <param name="graph">What they were fused from.</param>
    public static IReadOnlyList<PlanStep> Prepend(IReadOnlyList<PlanStep> steps, NetworkGraph graph) =>
        steps.Any(ReadsPadded) ? [new PadInputStep(graph), .. steps] : steps;

    private static bool ReadsPadded(PlanStep step) =>
        step.Gate == 0 || step.Residual == 0 || (step.Input.Id == 0 && !step.ReadsPackedInput);
}

/// <summary><c>act(conv(x · gate) + b) + residual</c>; also the fully connected layer, on a 1x1 map.</summary>
internal sealed record ConvolutionStep(
    string Name,
    Value Input,
    Value Output,
    ConvolutionGeometry Geometry,
    FoldedLayer Layer
) : PlanStep(Name, Input, Output)
{
    /// <inheritdoc/>
    public override long WeightCount => Layer.Weights.Length + Layer.Bias.Length;

    /// <inheritdoc/>
    public override long Macs => Output.Shape.PixelCount * Layer.Weights.Length;

    /// <summary>Which operation computes it.</summary>
    public ConvolutionKind Kind
    {
        get
        {
            if (Geometry.IsDepthwise && Output.Shape.Channels == Geometry.InputChannels)
            {
                return ConvolutionKind.Depthwise;
            }
            if (Geometry.Groups > 1)
            {
                return ConvolutionKind.Grouped;
            }
            return Geometry.Window.IsPointwise ? ConvolutionKind.Pointwise : ConvolutionKind.Standard;
        }
    }

    /// <summary>The weights <c>[O, I/groups, kH, kW]</c> as <c>[O, kH, kW, I/groups]</c>.</summary>
    public DenseWeights TapMajor()
    {
        var (channels, taps) = (Geometry.InputChannels / Geometry.Groups, Geometry.Window.TapCount);
        var dense = Layer.ToSingle();
        var weights = dense.Weights.Span;
        var result = new float[weights.Length];
        for (var o = 0; o < Layer.OutputCount; o++)
        {
            for (var i = 0; i < channels; i++)
            {
                for (var tap = 0; tap < taps; tap++)
                {
                    result[(o * taps + tap) * channels + i] = weights[(o * channels + i) * taps + tap];
                }
            }
        }
        return dense with { Weights = result };
    }
}

/// <summary>The operations that compute convolutions.</summary>
internal enum ConvolutionKind
{
    /// <summary>One tap, every input channel for every output channel; also the fully connected layer.</summary>
    Pointwise,

    /// <summary>Every channel on its own.</summary>
    Depthwise,

    /// <summary>Several taps, or strides, every input channel for every output channel.</summary>
    Standard,

    /// <summary>Every group of output channels with a group of input channels of its own.</summary>
    Grouped,
}

/// <summary>The gate of a squeeze-excite block: mean, two fully connected layers.</summary>
internal sealed record SqueezeExciteStep(string Name, Value Input, Value Output, FoldedLayer Reduce, FoldedLayer Expand)
    : PlanStep(Name, Input, Output)
{
    /// <inheritdoc/>
    public override long WeightCount =>
        Reduce.Weights.Length + Reduce.Bias.Length + Expand.Weights.Length + Expand.Bias.Length;

    /// <inheritdoc/>
    public override long Macs => Reduce.Weights.Length + Expand.Weights.Length;
}

/// <summary>Mean over all positions.</summary>
internal sealed record GlobalAveragePoolStep(string Name, Value Input, Value Output) : PlanStep(Name, Input, Output);

/// <summary>Maximum or mean over a window.</summary>
internal sealed record PoolStep(string Name, Value Input, Value Output, PoolKind Kind, Window Window)
    : PlanStep(Name, Input, Output);

/// <summary><c>act(x · gate) + residual</c> that found no layer to be fused into.</summary>
internal sealed record ElementwiseStep(string Name, Value Input, Value Output, Activation Activation)
    : PlanStep(Name, Input, Output);

/// <summary>Softmax over the channels.</summary>
internal sealed record SoftmaxStep(string Name, Value Input, Value Output) : PlanStep(Name, Input, Output);

/// <summary>Copies channels; several such steps may write different channels of one value, one after the other.</summary>
internal sealed record CopyChannelsStep(
    string Name,
    Value Input,
    Value Output,
    ImmutableArray<ChannelRun> Runs,
    bool IsLast
) : PlanStep(Name, Input, Output)
{
    /// <summary>What is copied; the last step takes care of the padded channels.</summary>
    public ChannelCopy Copy => new(Input.Shape, Output.Shape.Channels, Runs, ClearsPadding: IsLast);

    /// <inheritdoc/>
    public override (long Read, long Written) Touched
    {
        get
        {
            var copied = Input.Shape.PixelCount * Copy.Count;
            return (copied, copied);
        }
    }

    /// <summary>The parts of a concatenation, each behind the other.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="inputs">What is joined.</param>
    /// <param name="output">The whole.</param>
    public static IEnumerable<CopyChannelsStep> Concat(string name, IReadOnlyList<Value> inputs, Value output)
    {
        var first = 0;
        for (var i = 0; i < inputs.Count; i++)
        {
            var channels = inputs[i].Shape.Channels;
            var run = ChannelRun.Neighbours(0, first, channels);
            yield return new(name, inputs[i], output, [run], IsLast: i == inputs.Count - 1);
            first += channels;
        }
    }
}
