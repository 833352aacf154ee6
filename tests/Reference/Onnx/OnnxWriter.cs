using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Reference.Onnx;

/// <summary>How hard-swish is written where the operator set has none, or where a test wants it in pieces.</summary>
public enum HardSwishForm
{
    /// <summary>HardSwish from operator set 14 on, before that x·HardSigmoid(x).</summary>
    Native,

    /// <summary>x·(Clip(x + 3) / 6).</summary>
    DivideFirst,

    /// <summary>(x·Clip(x + 3)) / 6, as Paddle writes it.</summary>
    DivideLast,

    /// <summary>(x / 6)·Clip(x + 3).</summary>
    DivideInput,
}

/// <summary>What an ONNX file is written for.</summary>
/// <param name="Opset">Version of ONNX's operators, 7 to 21.</param>
/// <param name="ConstantNodes">Weights as Constant nodes instead of initializers.</param>
/// <param name="HardSwish">Form of hard-swish.</param>
public sealed record OnnxWriteOptions(
    int Opset = 17,
    bool ConstantNodes = false,
    HardSwishForm HardSwish = HardSwishForm.Native
)
{
    /// <summary>What Gemm does with its tensors: <c>alpha</c>, <c>beta</c>, <c>transB</c>.</summary>
    public ImmutableArray<(string Name, object Value)> Gemm { get; init; } = [("transB", 1L)];

    /// <summary>Weights of linear layers as <c>[I, O]</c>, for MatMul and Add.</summary>
    public bool TransposedWeights { get; init; }
}

/// <summary>Writes a network with its weights as an ONNX file: NCHW, symbolic batch, one node for each layer or its pieces.</summary>
public sealed class OnnxWriter
{
    private readonly Model _model;
    private readonly OnnxWriteOptions _options;
    private readonly OnnxGraphWriter _writer;
    private readonly Dictionary<int, (string Name, int Rank)> _values = [];

    private OnnxWriter(Model model, OnnxWriteOptions options)
    {
        _model = model;
        _options = options;
        _writer = new(options.Opset, options.ConstantNodes);
    }

    /// <summary>The encoded file.</summary>
    public static byte[] Write(Model model, OnnxWriteOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        return new OnnxWriter(model, options).Write();
    }

    private byte[] Write()
    {
        var graph = _model.Graph;
        var (height, width, channels) = graph.Input;
        _writer.Input("input", null, channels, height, width);
        _values[0] = ("input", 4);
        for (var i = 0; i < graph.Layers.Length; i++)
        {
            _values[i + 1] = WriteLayer(graph.Layers[i]);
        }
        var (name, rank) = _values[graph.OutputId];
        long?[] dims = [null, graph.Output.Channels, graph.Output.Height, graph.Output.Width];
        _writer.Output(name, dims[..rank]);
        return _writer.ToArray();
    }

    private (string Name, int Rank) WriteLayer(Layer layer)
    {
        var (input, rank) = _values[layer.Inputs[0]];
        var name = layer.Name;
        return layer switch
        {
            ConvolutionLayer convolution => (Convolution(convolution, input), 4),
            BatchNormLayer batchNorm => (BatchNorm(batchNorm, input), rank),
            ActivationLayer activation => (Activation(activation, input), rank),
            AddLayer => (_writer.Node("Add", name, [input, _values[layer.Inputs[1]].Name]), rank),
            ScaleLayer => (Scale(layer, input, rank), rank),
            GlobalAveragePoolLayer => (_writer.Node("GlobalAveragePool", name, [input]), 4),
            PoolLayer pool => (Pool(pool, input), 4),
            LinearLayer linear => (Linear(linear, input, rank), 2),
            SoftmaxLayer => (_writer.Node("Softmax", name, [input], ("axis", 1L)), rank),
            _ => throw new ArgumentException($"Layer '{name}' is a {layer.GetType().Name}, which is not written."),
        };
    }

    private string Convolution(ConvolutionLayer layer, string input)
    {
        var geometry = layer.Geometry;
        string[] inputs = [input, .. layer.Parameters.Select(Weight)];
        var window = WindowAttributes(geometry.Window);
        return _writer.Node(
            "Conv",
            layer.Name,
            inputs,
            [.. window, ("dilations", Sizes(geometry.Window.Dilation)), ("group", (long)geometry.Groups)]
        );
    }

    private string BatchNorm(BatchNormLayer layer, string input) =>
        _writer.Node(
            "BatchNormalization",
            layer.Name,
            [input, .. layer.Parameters.Select(Weight)],
            ("epsilon", (float)layer.Epsilon)
        );

    private string Scale(Layer layer, string input, int rank)
    {
        var (gate, gateRank) = _values[layer.Inputs[1]];
        if (gateRank < rank)
        {
            var target = _writer.Integers($"{layer.Name}.shape", 0, layer.Output.Channels, 1, 1);
            gate = _writer.Node("Reshape", $"{layer.Name}.gate", [gate, target]);
        }
        return _writer.Node("Mul", layer.Name, [input, gate]);
    }

    private string Pool(PoolLayer layer, string input)
    {
        var attributes = WindowAttributes(layer.Window);
        return layer.Kind switch
        {
            PoolKind.Max => _writer.Node("MaxPool", layer.Name, [input], attributes),
            PoolKind.Average => _writer.Node("AveragePool", layer.Name, [input], attributes),
            _ => _writer.Node("AveragePool", layer.Name, [input], [.. attributes, ("count_include_pad", 1L)]),
        };
    }

    private string Linear(LinearLayer layer, string input, int rank)
    {
        var name = layer.Name;
        var flat = rank == 2 ? input : _writer.Node("Flatten", $"{name}.flatten", [input], ("axis", 1L));
        if (_options.TransposedWeights)
        {
            var product = _writer.Node("MatMul", $"{name}.product", [flat, StoredTransposed(layer.Weight)]);
            return layer.Bias is { } bias ? _writer.Node("Add", name, [product, Weight(bias)]) : product;
        }
        // Gemm may leave its bias out from operator set 11 on.
        return layer.Bias is null && _options.Opset < 11
            ? _writer.Node("MatMul", name, [flat, Transposed(layer.Weight)])
            : _writer.Node("Gemm", name, [flat, .. layer.Parameters.Select(Weight)], [.. _options.Gemm]);
    }

    private string StoredTransposed(Parameter weight)
    {
        var (outputs, inputs) = (weight.Shape[0], weight.Shape[1]);
        var data = _model.Weights[weight].Data.Span;
        var transposed = new float[data.Length];
        for (var index = 0; index < data.Length; index++)
        {
            transposed[index % inputs * outputs + index / inputs] = data[index];
        }
        return _writer.Tensor(weight.Name, new Tensor([inputs, outputs], transposed));
    }

    private string Transposed(Parameter weight) =>
        _writer.Node("Transpose", $"{weight.Name}.T", [Weight(weight)], ("perm", new long[] { 1, 0 }));

    private string Activation(ActivationLayer layer, string input)
    {
        var name = layer.Name;
        return layer.Activation.Kind switch
        {
            ActivationKind.Relu => _writer.Node("Relu", name, [input]),
            ActivationKind.Relu6 => Clip6(name, input),
            ActivationKind.HardSwish => HardSwish(name, input),
            ActivationKind.HardSigmoid => HardSigmoid(name, input, layer.Activation.Slope),
            ActivationKind.Sigmoid => _writer.Node("Sigmoid", name, [input]),
            ActivationKind.Silu => _writer.Node("Mul", name, [input, _writer.Node("Sigmoid", $"{name}.gate", [input])]),
            var other => throw new ArgumentException($"Layer '{name}' is {other}, which is not written."),
        };
    }

    private string Clip6(string name, string input) =>
        _options.Opset < 11
            ? _writer.Node("Clip", name, [input], ("min", 0f), ("max", 6f))
            : _writer.Node("Clip", name, [input, _writer.Scalar("zero", 0), _writer.Scalar("six", 6)]);

    private string HardSigmoid(string name, string input, float slope) =>
        _writer.Node("HardSigmoid", name, [input], ("alpha", slope), ("beta", 0.5f));

    private string HardSwish(string name, string input)
    {
        if (_options.HardSwish == HardSwishForm.Native)
        {
            return _options.Opset >= 14
                ? _writer.Node("HardSwish", name, [input])
                : _writer.Node("Mul", name, [input, HardSigmoid($"{name}.gate", input, 1f / 6)]);
        }
        var six = _writer.Scalar("six", 6);
        var shifted = _writer.Node("Add", $"{name}.shifted", [input, _writer.Scalar("three", 3)]);
        var clipped = Clip6($"{name}.clipped", shifted);
        return _options.HardSwish switch
        {
            HardSwishForm.DivideFirst => _writer.Node(
                "Mul",
                name,
                [input, _writer.Node("Div", $"{name}.gate", [clipped, six])]
            ),
            HardSwishForm.DivideLast => _writer.Node(
                "Div",
                name,
                [_writer.Node("Mul", $"{name}.product", [input, clipped]), six]
            ),
            _ => _writer.Node("Mul", name, [_writer.Node("Div", $"{name}.part", [input, six]), clipped]),
        };
    }

    private string Weight(Parameter parameter) => _writer.Tensor(parameter.Name, _model.Weights[parameter]);

    private static (string Name, object Value)[] WindowAttributes(Window window)
    {
        var (top, left, bottom, right) = window.Padding;
        long[] pads = [top, left, bottom, right];
        return [("kernel_shape", Sizes(window.Kernel)), ("strides", Sizes(window.Stride)), ("pads", pads)];
    }

    private static long[] Sizes(Extent extent) => [extent.Height, extent.Width];
}
