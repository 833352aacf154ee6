using System.Runtime.InteropServices;
using System.Text.Json;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Onnx;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>
/// A Keras topology with its weights, written down in ONNX nodes as far as its layers are known; the others stand there by
/// their own names, for what reads the graph to say so.
/// </summary>
/// <param name="source">Path of the file.</param>
/// <param name="topology">The layers.</param>
/// <param name="weights">The weights.</param>
internal sealed class KerasGraph(string source, KerasTopology topology, KerasWeights weights)
{
    /// <summary>The slope of hard-sigmoid; null where it is not known.</summary>
    public float? HardSigmoidSlope => topology.HardSigmoidSlope;

    /// <summary>Whether a layer has its axes in the order of the others.</summary>
    /// <param name="layer">The layer.</param>
    public bool HasOrderOf(KerasLayer layer) => (layer.DataFormat ?? topology.DataFormat) == topology.DataFormat;

    /// <summary>The axis of a layer, the channels being -1.</summary>
    /// <param name="layer">The layer.</param>
    public long ChannelAxisOf(KerasLayer layer)
    {
        var isList = layer.Config.Find("axis") is { ValueKind: JsonValueKind.Array };
        var axis = isList && layer.Config.Integers("axis") is [var single] ? single : layer.Integer("axis", -1);
        return axis == (topology.IsChannelsFirst ? 1 : 3) ? -1 : axis;
    }

    /// <summary>The graph that is built.</summary>
    public ChannelsLastGraph Values { get; } = new(source);

    /// <summary>What builds the network.</summary>
    /// <param name="cancellationToken">Ends the import early.</param>
    /// <exception cref="Weights.ModelFormatException">The layers contradict each other or their weights.</exception>
    public OnnxImporter Importer(CancellationToken cancellationToken)
    {
        Values.Input(topology.Input, [.. topology.InputAxes]);
        foreach (var layer in topology.Layers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            KerasOperators.Import(this, layer);
        }
        return Values.Importer([topology.Output], cancellationToken);
    }

    /// <summary>A weight of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="variables">What Keras calls it.</param>
    public string Weight(KerasLayer layer, params ReadOnlySpan<string> variables) =>
        Declared(layer, variables) ?? throw layer.Fault($"has no weight '{layer.Name}/{variables[0]}'");

    /// <summary>The image, the kernel, and the bias where the layer has one.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="kernel">What Keras calls the kernel.</param>
    public string[] WithKernel(KerasLayer layer, params ReadOnlySpan<string> kernel)
    {
        string[] inputs = [layer.Input, Weight(layer, kernel)];
        return layer.Flag("use_bias", absent: true) ? [.. inputs, Weight(layer, "bias")] : inputs;
    }

    /// <summary>A vector of a normalisation, or one number for all channels where the layer has none.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="variable">What Keras calls it.</param>
    /// <param name="isThere">Whether the layer says that it has it.</param>
    /// <param name="otherwise">The number.</param>
    public string Vector(KerasLayer layer, string variable, bool isThere, float otherwise)
    {
        if (isThere)
        {
            return Weight(layer, variable);
        }
        var count = weights.Find(layer.Name, "moving_mean")?.ElementCount ?? 1;
        var values = new float[count];
        values.AsSpan().Fill(otherwise);
        return Floats($"{layer.Output}:{variable}", values);
    }

    /// <summary>Declares numbers that are no weights of the file.</summary>
    /// <param name="name">Their name.</param>
    /// <param name="values">The numbers.</param>
    public string Floats(string name, params float[] values)
    {
        var bytes = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        Values.Tensor(name, [values.Length], StreamElements.Of(bytes), OnnxDataType.Float);
        return name;
    }

    /// <summary>A layer that is not known, by a name of its own and with its weights.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="node">What ONNX calls it, where it has a name for it that says what it is.</param>
    public void AppendUnknown(KerasLayer layer, string? node = null)
    {
        var inputs = layer.Inputs.Select(input => Values.Find(layer.Origin, input)).ToList();
        var isFirst = inputs is [{ IsChannelsFirst: true }, ..];
        List<string> names = [.. inputs.Select(input => isFirst ? Values.First(input) : input.Name)];
        if (weights.FindAny(layer.Name) is { } weight)
        {
            names.Add(weights.Declare(Values, weight));
        }
        Values.Append(layer.Origin, isFirst, node ?? $"keras.{layer.ClassName}", names);
    }

    /// <summary>The window of a convolution or pooling.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="kernel">Size of a pooling's window.</param>
    public static TensorWindow Window(KerasLayer layer, Extent? kernel = null)
    {
        var stride = layer.Extent("strides", kernel ?? Extent.Square(1));
        var padding = layer.Config.OptionalText("padding") switch
        {
            "same" => TensorPadding.Same,
            "valid" or null => TensorPadding.Valid,
            var other => throw layer.Fault($"has padding '{other}', expected same or valid"),
        };
        return new(stride, layer.Extent("dilation_rate", Extent.Square(1)), padding, kernel);
    }

    private string? Declared(KerasLayer layer, ReadOnlySpan<string> variables) =>
        weights.Find(layer.Name, variables) is { } tensor ? weights.Declare(Values, tensor) : null;
}
