using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Network.Tests.Onnx;

/// <summary>An ONNX file of a few nodes, from an input "x" [N, 4, 6, 5] to an output "y".</summary>
internal sealed class GraphFile(int opset = 17)
{
    private bool _hasInput;
    private bool _hasOutput;

    public OnnxGraphWriter Writer { get; } = new(opset);

    /// <summary>Adds a node whose output is called as its name.</summary>
    public GraphFile Node(
        string operation,
        string inputs,
        string output,
        params (string Name, object Value)[] attributes
    )
    {
        Writer.Node(operation, output, inputs.Split(' '), attributes);
        return this;
    }

    public GraphFile Floats(string name, params int[] shape) => Floats(name, shape, i => (i % 7 - 3) / 8f);

    public GraphFile Floats(string name, int[] shape, Func<int, float> element)
    {
        var count = shape.Aggregate(1, (a, b) => a * b);
        Writer.Tensor(name, new Tensor([.. shape], Enumerable.Range(0, count).Select(element).ToArray()));
        return this;
    }

    public GraphFile Scalar(string name, float value)
    {
        Writer.Scalar(name, value);
        return this;
    }

    public GraphFile Integers(string name, params long[] values)
    {
        Writer.Integers(name, values);
        return this;
    }

    public GraphFile Input(params long?[] dims) => InputNamed("x", dims);

    public GraphFile InputNamed(string name, params long?[] dims)
    {
        Writer.Input(name, dims);
        _hasInput = true;
        return this;
    }

    public GraphFile Output(string name, params long?[] dims)
    {
        Writer.Output(name, dims);
        _hasOutput = true;
        return this;
    }

    public byte[] ToArray()
    {
        if (!_hasInput)
        {
            Input(null, 4, 6, 5);
        }
        if (!_hasOutput)
        {
            var field = new MessageWriter().Add(1, "y");
            Writer.Raw(12, field.ToArray());
        }
        return Writer.ToArray();
    }

    public Model Read(OnnxReadOptions? options = null) => OnnxModel.Read(ToArray(), "net.onnx", options);

    /// <summary>Removes every output.</summary>
    public GraphFile WithoutOutput()
    {
        _hasOutput = true;
        return this;
    }

    /// <summary>The layers that the nodes become.</summary>
    public Layer[] Layers() => [.. Read().Graph.Layers];

    /// <summary>Asserts an error that names the file and all parts.</summary>
    public void AssertFault(params string[] parts)
    {
        var file = ToArray();
        var fault = Assert.Throws<ModelFormatException>(() => OnnxModel.Read(file, "net.onnx"));
        Assert.Equal("net.onnx", fault.File);
        Assert.All(parts, part => Assert.Contains(part, fault.Message, StringComparison.Ordinal));
    }
}
