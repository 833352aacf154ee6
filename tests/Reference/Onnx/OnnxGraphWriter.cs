using System.Runtime.InteropServices;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Reference.Onnx;

/// <summary>Collects the nodes, tensors, inputs and outputs of an ONNX graph and encodes the model.</summary>
/// <param name="opset">Version of ONNX's operators.</param>
/// <param name="constantNodes">Write tensors as Constant nodes instead of initializers.</param>
public sealed class OnnxGraphWriter(int opset, bool constantNodes = false)
{
    private const int Float = 1;
    private const int Int64 = 7;

    private readonly List<(int Field, byte[] Message)> _tensors = [];
    private readonly List<(int Field, byte[] Message)> _fields = [];
    private readonly HashSet<string> _tensorNames = new(StringComparer.Ordinal);

    public int Opset => opset;

    /// <summary>Adds a node; its first output is called as the node unless outputs are given.</summary>
    public string Node(
        string operation,
        string name,
        string[] inputs,
        params (string Name, object Value)[] attributes
    ) => Node(operation, name, inputs, [name], attributes);

    public string Node(
        string operation,
        string name,
        string[] inputs,
        string[] outputs,
        params (string Name, object Value)[] attributes
    )
    {
        using var node = new MessageWriter();
        Array.ForEach(inputs, input => node.Add(1, input));
        Array.ForEach(outputs, output => node.Add(2, output));
        node.Add(3, name).Add(4, operation);
        foreach (var (attribute, value) in attributes)
        {
            using var message = Attribute(attribute, value);
            node.Add(5, message);
        }
        _fields.Add((1, node.ToArray()));
        return outputs[0];
    }

    /// <summary>Adds a float tensor once; returns its name.</summary>
    public string Tensor(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var message = TensorMessage(Float, [.. tensor.Shape.Select(axis => (long)axis)]);
        message.Add(9, MemoryMarshal.AsBytes(tensor.Data.Span));
        return AddTensor(name, message);
    }

    /// <summary>Adds a scalar, written in <c>float_data</c>.</summary>
    public string Scalar(string name, float value)
    {
        using var message = TensorMessage(Float, []);
        return AddTensor(name, message.Add(4, value));
    }

    /// <summary>Adds a vector of integers, written in <c>int64_data</c>.</summary>
    public string Integers(string name, params long[] values)
    {
        using var message = TensorMessage(Int64, [values.Length]);
        Array.ForEach(values, value => message.Add(7, value));
        return AddTensor(name, message);
    }

    /// <summary>Declares a graph input; a null axis is symbolic.</summary>
    public void Input(string name, params long?[] dims) => _fields.Add((11, ValueInfo(name, dims)));

    /// <summary>Declares a graph output; a null axis is symbolic.</summary>
    public void Output(string name, params long?[] dims) => _fields.Add((12, ValueInfo(name, dims)));

    /// <summary>Adds an encoded field of the graph as it is.</summary>
    public void Raw(int number, byte[] message) => _fields.Add((number, message));

    public byte[] ToArray()
    {
        using var graph = new MessageWriter();
        foreach (var (number, message) in _tensors.Concat(_fields))
        {
            graph.Add(number, message.AsSpan());
        }
        using var version = new MessageWriter();
        using var model = new MessageWriter();
        // The graph needs a name; files of IR version 3 list their initializers as inputs, later ones need not.
        graph.Add(2, "graph");
        return model.Add(1, 4L).Add(7, graph).Add(8, version.Add(1, "").Add(2, (long)opset)).ToArray();
    }

    public static MessageWriter TensorMessage(int type, long[] dims)
    {
        ArgumentNullException.ThrowIfNull(dims);
        var message = new MessageWriter();
        Array.ForEach(dims, axis => message.Add(1, axis));
        return message.Add(2, (long)type);
    }

    private string AddTensor(string name, MessageWriter tensor)
    {
        if (!_tensorNames.Add(name))
        {
            return name;
        }
        // Constant nodes hold floats only before operator set 9.
        if (!constantNodes || opset < 9)
        {
            _tensors.Add((5, tensor.Add(8, name).ToArray()));
            return name;
        }
        using var attribute = new MessageWriter();
        using var node = new MessageWriter();
        attribute.Add(1, "value").Add(5, tensor).Add(20, 4L);
        _tensors.Add((1, node.Add(2, name).Add(4, "Constant").Add(5, attribute).ToArray()));
        return name;
    }

    private static MessageWriter Attribute(string name, object value)
    {
        var message = new MessageWriter().Add(1, name);
        switch (value)
        {
            case float number:
                return message.Add(2, number).Add(20, 1L);
            case long integer:
                return message.Add(3, integer).Add(20, 2L);
            case string text:
                return message.Add(4, text).Add(20, 3L);
            case long[] integers:
                Array.ForEach(integers, integer => message.Add(8, integer));
                return message.Add(20, 7L);
            case float[] numbers:
                Array.ForEach(numbers, number => message.Add(7, number));
                return message.Add(20, 6L);
            default:
                throw new ArgumentException($"An attribute cannot be a {value.GetType()}.", nameof(value));
        }
    }

    private static byte[] ValueInfo(string name, long?[] dims)
    {
        using var shape = new MessageWriter();
        foreach (var size in dims)
        {
            using var dimension = new MessageWriter();
            shape.Add(1, size is { } known ? dimension.Add(1, known) : dimension.Add(2, "N"));
        }
        using var tensor = new MessageWriter();
        using var type = new MessageWriter();
        using var info = new MessageWriter();
        type.Add(1, tensor.Add(1, (long)Float).Add(2, shape));
        return info.Add(1, name).Add(2, type).ToArray();
    }
}
