using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>An operator of the file being translated.</summary>
/// <param name="Name">Name of its layer, in errors too.</param>
/// <param name="Operator">What the file calls the operator.</param>
/// <param name="Output">Name of the value that it produces.</param>
internal readonly record struct Origin(string Name, string Operator, string Output);

/// <summary>What a name stands for: a value that is computed, or a constant.</summary>
/// <param name="Name">Name of the ONNX value.</param>
/// <param name="IsChannelsFirst">True where its axes are <c>[N, C, H, W]</c>, false where they are the file's.</param>
/// <param name="Axes">Axes of a constant, null for what is computed.</param>
internal readonly record struct TensorValue(string Name, bool IsChannelsFirst, long[]? Axes);

/// <summary>
/// The graph of a TensorFlow file, images <c>[N, H, W, C]</c>, written down in the ONNX nodes that compute the same, so
/// that one importer checks shapes, recognises decomposed activations and builds the layers. Between nodes that differ
/// in the order of axes stands a Transpose; that moves no element, because the importer only remembers the order.
/// </summary>
/// <param name="source">Path of the file.</param>
internal sealed class ChannelsLastGraph(string source)
{
    private const string Remedy = "The file is damaged, or not of a network for inference; convert the model again.";

    /// <summary>The last operator set whose parameters are all attributes, which are simpler to write than inputs.</summary>
    private const long Opset = 9;

    private readonly ImmutableArray<OnnxNode>.Builder _nodes = ImmutableArray.CreateBuilder<OnnxNode>();
    private readonly Dictionary<string, OnnxTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorValue> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _derived = new(StringComparer.Ordinal);
    private OnnxValueInfo? _input;
    private long _constantSizeInBytes;

    /// <summary>Declares the input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="axes">Batch, height, width, channels; null where the file leaves one open.</param>
    /// <exception cref="ModelFormatException">It has not four axes, or is the second input.</exception>
    public void Input(string name, ImmutableArray<long?> axes)
    {
        if (_input is not null || axes is not [var batch, var height, var width, var channels])
        {
            var fault = _input is null ? $"input '{name}' has {axes.Length} axes" : $"'{name}' is a second input";
            throw Fault($"{fault}, expected one image batch [N, H, W, C].");
        }
        _input = new(name, OnnxDataType.Float, [batch, channels, height, width]);
        _values[name] = new(name, IsChannelsFirst: true, null);
    }

    /// <summary>Declares a tensor of weights.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="axes">Its axes.</param>
    /// <param name="floats">Its elements, little-endian.</param>
    public void Weights(string name, long[] axes, WireMessage floats) => Tensor(name, axes, floats, OnnxDataType.Float);

    /// <summary>Declares whole numbers: sizes or axes.</summary>
    /// <param name="name">Their name.</param>
    /// <param name="axes">Axes of the tensor.</param>
    /// <param name="values">The numbers.</param>
    public void Integers(string name, long[] axes, long[] values)
    {
        var bytes = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        Tensor(name, axes, new(bytes, 0, bytes.Length), OnnxDataType.Int64);
    }

    /// <summary>Gives a value a second name.</summary>
    /// <param name="origin">The operator, whose output is the new name.</param>
    /// <param name="value">The value.</param>
    public void Alias(Origin origin, string value) => Define(origin, Find(origin, value));

    /// <summary>What a name stands for.</summary>
    /// <param name="origin">The operator that reads it.</param>
    /// <param name="name">The name.</param>
    public TensorValue Find(Origin origin, string name) =>
        _values.TryGetValue(name, out var value)
            ? value
            : throw Fault(origin, $"reads '{name}', which neither the file nor an operator before it has.");

    /// <summary>A constant.</summary>
    /// <param name="origin">The operator that reads it.</param>
    /// <param name="name">Its name.</param>
    /// <param name="rank">How many axes it has.</param>
    public (string Name, long[] Axes) Constant(Origin origin, string name, int rank) =>
        Find(origin, name) switch
        {
            { Axes: { } axes } value when axes.Length == rank => (value.Name, axes),
            { Axes: { } axes } => throw Fault(
                origin,
                $"reads '{name}' [{string.Join(", ", axes)}], expected {rank} axes."
            ),
            _ => throw Fault(origin, $"reads the computed value '{name}', expected a constant."),
        };

    /// <summary>A value with the axes <c>[N, C, H, W]</c>.</summary>
    /// <param name="value">The value.</param>
    public string First(TensorValue value) => value.IsChannelsFirst ? value.Name : Transposed(value.Name, [0, 3, 1, 2]);

    /// <summary>A value with the axes that it has in the file.</summary>
    /// <param name="value">The value.</param>
    public string Last(TensorValue value) => value.IsChannelsFirst ? Transposed(value.Name, [0, 2, 3, 1]) : value.Name;

    /// <summary>A value with its axes in another order.</summary>
    /// <param name="value">Its name.</param>
    /// <param name="order">The old axis at each new place.</param>
    public string Transposed(string value, params long[] order) =>
        Derived($"{value}:{string.Concat(order)}", "Transpose", [value], NodeAttribute.Of("perm", order));

    /// <summary>A value with other axes.</summary>
    /// <param name="value">Its name.</param>
    /// <param name="axes">The axes.</param>
    public string Reshaped(string value, params long[] axes)
    {
        var output = $"{value}:{string.Join('x', axes)}";
        if (!_derived.Contains(output))
        {
            Integers($"{output}:shape", [axes.Length], axes);
        }
        return Derived(output, "Reshape", [value, $"{output}:shape"]);
    }

    /// <summary>Appends a node for an operator.</summary>
    /// <param name="origin">The operator.</param>
    /// <param name="isChannelsFirst">True where it produces <c>[N, C, H, W]</c>.</param>
    /// <param name="node">What ONNX calls it.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="attributes">Its parameters.</param>
    public void Append(
        Origin origin,
        bool isChannelsFirst,
        string node,
        IEnumerable<string> inputs,
        params IEnumerable<OnnxAttribute> attributes
    )
    {
        Define(origin, new(origin.Output, isChannelsFirst, null));
        Append(origin, node, inputs, attributes);
    }

    /// <summary>Builds the network.</summary>
    /// <param name="output">Name of the value that is its output.</param>
    /// <param name="input">Shape of one image where the file leaves it open, or null.</param>
    /// <param name="cancellationToken">Ends the import early.</param>
    /// <exception cref="ModelFormatException">The graph is not valid, or needs what is not supported.</exception>
    public Model Import(string output, FeatureShape? input, CancellationToken cancellationToken)
    {
        if (_input is null || !_values.TryGetValue(output, out var value))
        {
            throw Fault(_input is null ? "the graph has no input." : $"nothing produces the output '{output}'.");
        }
        var result = new OnnxValueInfo(value.Name, OnnxDataType.Float, default);
        var graph = new OnnxGraph(Opset, _nodes.ToImmutable(), [.. _tensors.Values], [_input], [result])
        {
            DamagedRemedy = Remedy,
        };
        var size = (int)Math.Min(int.MaxValue, _constantSizeInBytes);
        return new OnnxImporter(source, graph, size, external: null).Import(new() { Input = input }, cancellationToken);
    }

    /// <summary>A fault of the file.</summary>
    /// <param name="origin">The operator.</param>
    /// <param name="fault">What was got and what was expected.</param>
    public ModelFormatException Fault(Origin origin, string fault) =>
        Fault($"node '{origin.Name}' ({origin.Operator}) {fault}");

    private ModelFormatException Fault(string fault) => new(source, fault, Remedy);

    private void Tensor(string name, long[] axes, WireMessage content, OnnxDataType type)
    {
        _tensors[name] = new(name, [.. axes], type, content, content, External: null);
        _values[name] = new(name, IsChannelsFirst: false, axes);
        _constantSizeInBytes += content.Length;
    }

    private void Define(Origin origin, TensorValue value)
    {
        if (!_values.TryAdd(origin.Output, value))
        {
            throw Fault(origin, $"produces '{origin.Output}', which exists already.");
        }
    }

    private string Derived(string output, string node, string[] inputs, params OnnxAttribute[] attributes)
    {
        if (_derived.Add(output))
        {
            Append(new(output, node, output), node, inputs, attributes);
        }
        return output;
    }

    private void Append(
        Origin origin,
        string node,
        IEnumerable<string> inputs,
        IEnumerable<OnnxAttribute> attributes
    ) =>
        _nodes.Add(
            new(
                origin.Name,
                node,
                "",
                [.. inputs],
                [origin.Output],
                attributes.ToImmutableDictionary(attribute => attribute.Name, StringComparer.Ordinal)
            )
            {
                SourceOperator = origin.Operator,
            }
        );
}
