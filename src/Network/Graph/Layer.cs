using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Graph;

/// <summary>A named weight tensor that a layer needs, in the layout its file has it.</summary>
/// <param name="Name">Name in the file, for example <c>features.0.0.weight</c>.</param>
/// <param name="Shape">Axes as PyTorch and ONNX order them: <c>[O, I/groups, kH, kW]</c>, <c>[O, I]</c> or <c>[C]</c>.</param>
public sealed record Parameter(string Name, ImmutableArray<int> Shape)
{
    /// <summary>Elements.</summary>
    public long ElementCount => Shape.Aggregate(1L, (count, axis) => checked(count * axis));
}

/// <summary>A value that flows between layers: the graph's input or a layer's output.</summary>
/// <param name="Id">0 is the graph's input, <c>i + 1</c> is what layer <c>i</c> produces.</param>
/// <param name="Shape">Its shape, without the batch.</param>
public readonly record struct Value(int Id, FeatureShape Shape);

/// <summary>One unfused operation of a network.</summary>
/// <param name="Name">Unique within the graph; the module path of the ecosystem that the weights come from.</param>
/// <param name="Inputs">Ids of the values it reads.</param>
/// <param name="Output">Shape of the value it produces.</param>
public abstract record Layer(string Name, ImmutableArray<int> Inputs, FeatureShape Output)
{
    /// <summary>The weights it needs.</summary>
    public virtual ImmutableArray<Parameter> Parameters => [];
}

/// <summary>Convolution, weights <c>[O, I/groups, kH, kW]</c>.</summary>
public sealed record ConvolutionLayer(
    string Name,
    ImmutableArray<int> Inputs,
    FeatureShape Output,
    ConvolutionGeometry Geometry,
    Parameter Weight,
    Parameter? Bias
) : Layer(Name, Inputs, Output)
{
    /// <inheritdoc/>
    public override ImmutableArray<Parameter> Parameters => Bias is null ? [Weight] : [Weight, Bias];
}

/// <summary>What a convolution connects.</summary>
/// <param name="Window">Kernel, stride, dilation, padding.</param>
/// <param name="InputChannels">Channels read.</param>
/// <param name="Groups">1, the number of input channels for a depthwise convolution, or any number between them.</param>
public readonly record struct ConvolutionGeometry(Window Window, int InputChannels, int Groups)
{
    /// <summary>True when every input channel is convolved on its own.</summary>
    public bool IsDepthwise => Groups == InputChannels && Groups > 1;
}

/// <summary>Batch normalisation with fixed statistics: <c>(x - mean) / sqrt(variance + epsilon) · scale + offset</c>.</summary>
public sealed record BatchNormLayer(
    string Name,
    ImmutableArray<int> Inputs,
    FeatureShape Output,
    double Epsilon,
    BatchNormParameters Statistics
) : Layer(Name, Inputs, Output)
{
    /// <inheritdoc/>
    public override ImmutableArray<Parameter> Parameters =>
        [Statistics.Scale, Statistics.Offset, Statistics.Mean, Statistics.Variance];
}

/// <summary>The four vectors of a batch normalisation, each <c>[C]</c>.</summary>
/// <param name="Scale">gamma; <c>weight</c> in PyTorch.</param>
/// <param name="Offset">beta; <c>bias</c> in PyTorch.</param>
/// <param name="Mean"><c>running_mean</c> in PyTorch.</param>
/// <param name="Variance"><c>running_var</c> in PyTorch.</param>
public sealed record BatchNormParameters(Parameter Scale, Parameter Offset, Parameter Mean, Parameter Variance);

/// <summary>An activation on its own.</summary>
public sealed record ActivationLayer(
    string Name,
    ImmutableArray<int> Inputs,
    FeatureShape Output,
    Activation Activation
) : Layer(Name, Inputs, Output);

/// <summary>Sum of two values of one shape: the residual connection.</summary>
public sealed record AddLayer(string Name, ImmutableArray<int> Inputs, FeatureShape Output)
    : Layer(Name, Inputs, Output);

/// <summary>Feature map (first input) times a gate per image and channel (second input, 1x1xC).</summary>
public sealed record ScaleLayer(string Name, ImmutableArray<int> Inputs, FeatureShape Output)
    : Layer(Name, Inputs, Output);

/// <summary>Mean over all positions, output 1x1xC.</summary>
public sealed record GlobalAveragePoolLayer(string Name, ImmutableArray<int> Inputs, FeatureShape Output)
    : Layer(Name, Inputs, Output);

/// <summary>Maximum or mean over a window.</summary>
public sealed record PoolLayer(
    string Name,
    ImmutableArray<int> Inputs,
    FeatureShape Output,
    PoolKind Kind,
    Window Window
) : Layer(Name, Inputs, Output);

/// <summary>Fully connected layer on a 1x1xC value, weights <c>[O, I]</c>.</summary>
public sealed record LinearLayer(
    string Name,
    ImmutableArray<int> Inputs,
    FeatureShape Output,
    Parameter Weight,
    Parameter? Bias
) : Layer(Name, Inputs, Output)
{
    /// <inheritdoc/>
    public override ImmutableArray<Parameter> Parameters => Bias is null ? [Weight] : [Weight, Bias];
}

/// <summary>The channels of several values, one after the other.</summary>
public sealed record ConcatLayer(string Name, ImmutableArray<int> Inputs, FeatureShape Output)
    : Layer(Name, Inputs, Output);

/// <summary>Some channels of a value, in an order of their own: a slice, a shuffle.</summary>
public sealed record SelectChannelsLayer(
    string Name,
    ImmutableArray<int> Inputs,
    FeatureShape Output,
    ImmutableArray<ChannelRun> Runs
) : Layer(Name, Inputs, Output);

/// <summary>Softmax over the channels of each position: <c>exp(x - max) / sum(exp(x - max))</c>.</summary>
public sealed record SoftmaxLayer(string Name, ImmutableArray<int> Inputs, FeatureShape Output)
    : Layer(Name, Inputs, Output);
