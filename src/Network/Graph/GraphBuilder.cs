using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Graph;

/// <summary>
/// Appends layers, infers their shapes and refuses what does not fit together with an <see cref="ArgumentException"/>:
/// a value of another graph, a name that is taken, one name for weights of two shapes, a window that does not fit, a
/// feature map of more than 2^30 positions or 2^40 elements. Every method returns the value that the new layer produces.
/// </summary>
public sealed partial class GraphBuilder
{
    private readonly List<Layer> _layers = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<int>> _parameterShapes = new(StringComparer.Ordinal);
    private readonly string _graphName;

    /// <summary>Starts an empty graph.</summary>
    /// <param name="name">Name of the network.</param>
    /// <param name="input">Shape of one input image.</param>
    /// <exception cref="ArgumentException">An axis of the input is smaller than 1, or the input is too large.</exception>
    public GraphBuilder(string name, FeatureShape input)
    {
        if (input.Height < 1 || input.Width < 1 || input.Channels < 1)
        {
            throw new ArgumentException(
                $"The input of '{name}' is {input}; every axis must be at least 1.",
                nameof(input)
            );
        }
        GraphRules.CheckSize(name, input);
        _graphName = name;
        Input = new(0, input);
    }

    /// <summary>The graph's input.</summary>
    public Value Input { get; }

    /// <summary>Layers so far.</summary>
    internal int LayerCount => _layers.Count;

    /// <summary>Appends a convolution; weights are called <c>{name}.weight</c> and <c>{name}.bias</c>.</summary>
    /// <param name="name">Layer name.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="outputChannels">Channels it produces.</param>
    /// <param name="window">Kernel, stride, dilation, padding.</param>
    /// <param name="options">Groups and bias.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels, or the window does not fit.</exception>
    public Value Convolution(string name, Value input, int outputChannels, Window window, ConvolutionOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputChannels, 1);
        ArgumentNullException.ThrowIfNull(options);
        var channels = input.Shape.Channels;
        if (options.Groups < 1 || channels % options.Groups != 0 || outputChannels % options.Groups != 0)
        {
            throw new ArgumentException(
                $"Layer '{name}': {options.Groups} groups do not divide {channels} input and {outputChannels} output channels."
            );
        }
        var weight = new Parameter(
            options.WeightName ?? $"{name}.weight",
            [outputChannels, channels / options.Groups, window.Kernel.Height, window.Kernel.Width]
        );
        var bias = options.HasBias ? new Parameter(options.BiasName ?? $"{name}.bias", [outputChannels]) : null;
        var output = WindowOutput(name, input.Shape, window, outputChannels);
        var geometry = new ConvolutionGeometry(window, channels, options.Groups);
        return Append(new ConvolutionLayer(name, [input.Id], output, geometry, weight, bias), input);
    }

    /// <summary>Appends a batch normalisation with PyTorch's parameter names under <paramref name="name"/>.</summary>
    /// <param name="name">Layer name.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="epsilon">Added to the variance: 1e-5 in PyTorch, 1e-3 in torchvision's V3 and in Keras.</param>
    public Value BatchNorm(string name, Value input, double epsilon)
    {
        Parameter Vector(string suffix) => new($"{name}.{suffix}", [input.Shape.Channels]);
        var statistics = new BatchNormParameters(
            Vector("weight"),
            Vector("bias"),
            Vector("running_mean"),
            Vector("running_var")
        );
        return BatchNorm(name, input, epsilon, statistics);
    }

    /// <summary>Appends a batch normalisation whose parameters have names of their own.</summary>
    /// <param name="name">Layer name.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="statistics">The four vectors.</param>
    /// <exception cref="ArgumentException">A vector has not one number for each channel.</exception>
    public Value BatchNorm(string name, Value input, double epsilon, BatchNormParameters statistics)
    {
        var layer = new BatchNormLayer(name, [input.Id], input.Shape, epsilon, statistics);
        foreach (var vector in layer.Parameters)
        {
            GraphRules.CheckVector(name, vector, (input.Shape.Channels, "channels"));
        }
        return Append(layer, input);
    }

    /// <summary>Appends an activation; the identity appends nothing.</summary>
    /// <param name="name">Layer name.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="activation">The function.</param>
    public Value Activation(string name, Value input, Activation activation) =>
        activation.Kind == ActivationKind.Identity
            ? input
            : Append(new ActivationLayer(name, [input.Id], input.Shape, activation), input);

    /// <summary>Appends the sum of two values of one shape.</summary>
    /// <param name="name">Layer name.</param>
    /// <param name="left">One summand.</param>
    /// <param name="right">The other.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public Value Add(string name, Value left, Value right)
    {
        if (left.Shape != right.Shape)
        {
            throw new ArgumentException(
                $"Layer '{name}' adds {left.Shape} and {right.Shape}; the shapes must be equal."
            );
        }
        return Append(new AddLayer(name, [left.Id, right.Id], left.Shape), left, right);
    }

    /// <summary>Appends the product of a feature map and a gate per image and channel.</summary>
    /// <param name="name">Layer name.</param>
    /// <param name="features">The feature map, HxWxC.</param>
    /// <param name="gate">The gate, 1x1xC.</param>
    /// <exception cref="ArgumentException">The gate's shape does not fit.</exception>
    public Value Scale(string name, Value features, Value gate)
    {
        if (gate.Shape != new FeatureShape(1, 1, features.Shape.Channels))
        {
            throw new ArgumentException(
                $"Layer '{name}' scales {features.Shape} by a gate of {gate.Shape}; expected 1x1x{features.Shape.Channels}."
            );
        }
        return Append(new ScaleLayer(name, [features.Id, gate.Id], features.Shape), features, gate);
    }

    /// <summary>Appends the mean over all positions.</summary>
    /// <param name="name">Layer name.</param>
    /// <param name="input">What it reads.</param>
    public Value GlobalAveragePool(string name, Value input) =>
        Append(new GlobalAveragePoolLayer(name, [input.Id], new(1, 1, input.Shape.Channels)), input);

    /// <summary>Appends a pooling.</summary>
    /// <param name="name">Layer name.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="kind">Maximum or mean.</param>
    /// <param name="window">Kernel, stride, padding.</param>
    /// <exception cref="ArgumentException">
    /// The window does not fit, or sees only padding somewhere, where neither a maximum nor a mean is defined.
    /// </exception>
    public Value Pool(string name, Value input, PoolKind kind, Window window)
    {
        var output = WindowOutput(name, input.Shape, window, input.Shape.Channels);
        if (kind != PoolKind.AverageIncludingPadding)
        {
            GraphRules.CheckWindowsSeeInput(name, window, input.Shape);
        }
        return Append(new PoolLayer(name, [input.Id], output, kind, window), input);
    }

    /// <summary>Appends a fully connected layer; weights are called <c>{name}.weight</c> and <c>{name}.bias</c>.</summary>
    /// <param name="name">Layer name.</param>
    /// <param name="input">What it reads, 1x1xC.</param>
    /// <param name="outputChannels">Channels it produces.</param>
    /// <param name="hasBias">Whether a bias is added.</param>
    public Value Linear(string name, Value input, int outputChannels, bool hasBias = true) =>
        Linear(
            name,
            input,
            new Parameter($"{name}.weight", [outputChannels, input.Shape.Channels]),
            hasBias ? new Parameter($"{name}.bias", [outputChannels]) : null
        );

    /// <summary>Appends a fully connected layer whose parameters have names of their own.</summary>
    /// <param name="name">Layer name.</param>
    /// <param name="input">What it reads, 1x1xC.</param>
    /// <param name="weight">Weights, <c>[O, I]</c>.</param>
    /// <param name="bias">Bias, <c>[O]</c>, or none.</param>
    /// <exception cref="ArgumentException">The input is not 1x1xC, or the weights or the bias do not fit it.</exception>
    public Value Linear(string name, Value input, Parameter weight, Parameter? bias)
    {
        ArgumentNullException.ThrowIfNull(weight);
        var (height, width, channels) = input.Shape;
        if (height != 1 || width != 1)
        {
            throw new ArgumentException($"Layer '{name}' is fully connected and reads 1x1xC, got {input.Shape}.");
        }
        if (weight.Shape.Length != 2 || weight.Shape[1] != channels)
        {
            throw new ArgumentException(
                $"Layer '{name}': weights [{string.Join(", ", weight.Shape)}] do not fit {channels} input channels."
            );
        }
        if (bias is not null)
        {
            GraphRules.CheckVector(name, bias, (weight.Shape[0], "outputs"));
        }
        return Append(new LinearLayer(name, [input.Id], new(1, 1, weight.Shape[0]), weight, bias), input);
    }

    /// <summary>Appends a softmax over the channels.</summary>
    /// <param name="name">Layer name.</param>
    /// <param name="input">What it reads.</param>
    public Value Softmax(string name, Value input) => Append(new SoftmaxLayer(name, [input.Id], input.Shape), input);

    /// <summary>Ends the graph.</summary>
    /// <param name="output">The value that is its output.</param>
    /// <exception cref="ArgumentException">The output is the input itself or a value of another graph.</exception>
    public NetworkGraph Build(Value output)
    {
        if (output.Id == 0)
        {
            throw new ArgumentException(
                $"'{_graphName}' has no layer between its input and its output.",
                nameof(output)
            );
        }
        CheckIsOwn(_graphName, output);
        return new(_graphName, Input.Shape, [.. _layers], output.Id);
    }

    private static FeatureShape WindowOutput(string name, FeatureShape input, Window window, int channels)
    {
        try
        {
            var (height, width) = window.OutputExtent(input.Height, input.Width);
            return new(height, width, channels);
        }
        catch (ArgumentException fault)
        {
            throw new ArgumentException($"Layer '{name}': {fault.Message} Use a larger input resolution.", fault);
        }
    }

    /// <summary>Appends a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">What it reads.</param>
    internal Value Append(Layer layer, params ReadOnlySpan<Value> inputs)
    {
        foreach (var input in inputs)
        {
            CheckIsOwn(layer.Name, input);
        }
        GraphRules.CheckSize(layer.Name, layer.Output);
        CheckParameters(layer);
        if (!_names.Add(layer.Name))
        {
            throw new ArgumentException($"'{_graphName}' already has a layer '{layer.Name}'.");
        }
        _layers.Add(layer);
        return new(_layers.Count, layer.Output);
    }

    private void CheckIsOwn(string reader, Value value)
    {
        if (value.Id < 0 || value.Id > _layers.Count)
        {
            throw new ArgumentException(
                $"'{reader}' reads value {value.Id}, which '{_graphName}' does not have; use values of one builder."
            );
        }
        var shape = value.Id == 0 ? Input.Shape : _layers[value.Id - 1].Output;
        if (value.Shape != shape)
        {
            throw new ArgumentException(
                $"'{reader}' reads value {value.Id} as {value.Shape}, but in '{_graphName}' it is {shape}; use values of one builder."
            );
        }
    }

    private void CheckParameters(Layer layer)
    {
        foreach (var (name, shape) in layer.Parameters)
        {
            if (!_parameterShapes.TryAdd(name, shape) && !_parameterShapes[name].SequenceEqual(shape))
            {
                throw new ArgumentException(
                    $"Layer '{layer.Name}' reads '{name}' {GraphRules.Text(shape)}, but an earlier layer as "
                        + $"{GraphRules.Text(_parameterShapes[name])}; give the tensors two names."
                );
            }
        }
    }
}

/// <summary>What a convolution has besides its window.</summary>
/// <param name="Groups">1, the input channels for a depthwise convolution, or any number between them.</param>
/// <param name="HasBias">Whether a bias is added.</param>
/// <param name="WeightName">Name of the weights where it is not <c>{layer}.weight</c>.</param>
/// <param name="BiasName">Name of the bias where it is not <c>{layer}.bias</c>.</param>
public sealed record ConvolutionOptions(
    int Groups = 1,
    bool HasBias = false,
    string? WeightName = null,
    string? BiasName = null
);
