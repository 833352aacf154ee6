using System.Collections.Immutable;
using System.Runtime.InteropServices;
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
    /// <summary>What to do about an operator that is not as it was expected.</summary>
    public const string Remedy =
        "The file is damaged, or its network is not supported; convert the classifier or backbone alone, for inference.";

    /// <summary>The last operator set whose parameters are all attributes, which are simpler to write than inputs.</summary>
    private const long Opset = 9;

    private readonly ImmutableArray<OnnxNode>.Builder _nodes = ImmutableArray.CreateBuilder<OnnxNode>();
    private readonly Dictionary<string, OnnxTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorValue> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _derived = new(StringComparer.Ordinal);
    private OnnxValueInfo? _input;
    private long _constantCount;

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

    /// <summary>Declares a constant: weights, or whole numbers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="axes">Its axes.</param>
    /// <param name="elements">Where its elements are.</param>
    /// <param name="type">Their type.</param>
    public void Tensor(string name, long[] axes, OnnxElements elements, OnnxDataType type)
    {
        _tensors[name] = new(name, [.. axes], type, elements, External: null);
        _values[name] = new(name, IsChannelsFirst: false, axes);
        _constantCount += TensorSize.TryCount(axes, out var count) ? count : 0;
    }

    /// <summary>Declares whole numbers that the file does not have as they are: sizes or axes.</summary>
    /// <param name="name">Their name.</param>
    /// <param name="axes">Axes of the tensor.</param>
    /// <param name="values">The numbers.</param>
    public void Integers(string name, long[] axes, long[] values)
    {
        var bytes = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        Tensor(name, axes, StreamElements.Of(bytes), OnnxDataType.Int64);
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
        Append(origin, [origin.Output], node, inputs, attributes);
    }

    /// <summary>Appends a node for an operator with several outputs, axes in the file's order.</summary>
    /// <param name="origin">The operator.</param>
    /// <param name="outputs">What it produces, at least one value.</param>
    /// <param name="node">What ONNX calls it.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="attributes">Its parameters.</param>
    public void AppendParts(
        Origin origin,
        string[] outputs,
        string node,
        IEnumerable<string> inputs,
        params IEnumerable<OnnxAttribute> attributes
    )
    {
        foreach (var output in outputs)
        {
            Define(origin with { Output = output }, new(output, IsChannelsFirst: false, null));
        }
        Append(origin, outputs, node, inputs, attributes);
    }

    /// <summary>What builds the network.</summary>
    /// <param name="outputs">Names of the values that are its outputs, at least one.</param>
    /// <param name="cancellationToken">Ends the import early.</param>
    /// <exception cref="ModelFormatException">The graph is not valid.</exception>
    public OnnxImporter Importer(IReadOnlyList<string> outputs, CancellationToken cancellationToken)
    {
        if (_input is null)
        {
            throw Fault("the graph has no input.");
        }
        var results = outputs.Select(Result).ToImmutableArray();
        var graph = new OnnxGraph(Opset, _nodes.ToImmutable(), [.. _tensors.Values], [_input], results)
        {
            DamagedRemedy = Remedy,
            OutputNames = [.. outputs],
        };
        var size = (int)Math.Min(int.MaxValue, _constantCount * sizeof(float));
        return new OnnxImporter(source, graph, size, external: null, cancellationToken);
    }

    /// <summary>A fault of the file.</summary>
    /// <param name="origin">The operator.</param>
    /// <param name="fault">What was got and what was expected.</param>
    public ModelFormatException Fault(Origin origin, string fault) =>
        Fault($"node '{origin.Name}' ({origin.Operator}) {fault}");

    private OnnxValueInfo Result(string output) =>
        _values.TryGetValue(output, out var value)
            ? new(value.Name, OnnxDataType.Float, default)
            : throw Fault($"nothing produces the output '{output}'.");

    private ModelFormatException Fault(string fault) => new(source, fault, Remedy);

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
            Append(new(output, node, output), [output], node, inputs, attributes);
        }
        return output;
    }

    private void Append(
        Origin origin,
        string[] outputs,
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
                [.. outputs],
                attributes.ToImmutableDictionary(attribute => attribute.Name, StringComparer.Ordinal)
            )
            {
                SourceOperator = origin.Operator,
            }
        );
}
