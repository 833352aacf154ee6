using System.Collections.Frozen;
using System.Collections.Immutable;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>The operators that are read.</summary>
internal static class OnnxOperators
{
    private static readonly FrozenDictionary<string, Func<OnnxOperation, Operand>> _imports = new Dictionary<
        string,
        Func<OnnxOperation, Operand>
    >
    {
        ["Add"] = ArithmeticOperators.Add,
        ["AveragePool"] = PoolOperators.Average,
        ["BatchNormalization"] = NormalizationOperators.BatchNormalization,
        ["Cast"] = ShapeOperators.Cast,
        ["Clip"] = ActivationOperators.Clip,
        ["Concat"] = ChannelOperators.Concat,
        ["Constant"] = ShapeOperators.Constant,
        ["Conv"] = ConvolutionOperators.Convolution,
        ["Div"] = ArithmeticOperators.Divide,
        ["Dropout"] = ShapeOperators.Identity,
        ["Flatten"] = LayoutOperators.Flatten,
        ["Gather"] = ShapeOperators.Gather,
        ["Gemm"] = LinearOperators.Gemm,
        ["GlobalAveragePool"] = PoolOperators.GlobalAverage,
        ["HardSigmoid"] = ActivationOperators.HardSigmoid,
        ["HardSwish"] = ActivationOperators.HardSwish,
        ["Identity"] = ShapeOperators.Identity,
        ["MatMul"] = LinearOperators.MatMul,
        ["Max"] = ActivationOperators.Maximum,
        ["MaxPool"] = PoolOperators.Max,
        ["Min"] = ActivationOperators.Minimum,
        ["Mul"] = ArithmeticOperators.Multiply,
        ["Pad"] = ConvolutionOperators.Pad,
        ["ReduceMean"] = PoolOperators.ReduceMean,
        ["Relu"] = ActivationOperators.Relu,
        ["Reshape"] = LayoutOperators.Reshape,
        ["Shape"] = ShapeOperators.Shape,
        ["Sigmoid"] = ActivationOperators.Sigmoid,
        ["Slice"] = ChannelOperators.Slice,
        ["Softmax"] = ActivationOperators.Softmax,
        ["Split"] = ChannelOperators.Split,
        ["Squeeze"] = LayoutOperators.Squeeze,
        ["Sub"] = ArithmeticOperators.Subtract,
        ["Sum"] = ArithmeticOperators.Sum,
        ["Transpose"] = LayoutOperators.Transpose,
        ["Unsqueeze"] = LayoutOperators.Unsqueeze,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> _needs = new Dictionary<string, string>
    {
        ["LogSoftmax"] = "end the network at its logits or with Softmax",
        ["QLinearConv"] = "export the float32 network, before quantisation",
        ["QuantizeLinear"] = "export the float32 network, before quantisation",
        ["DequantizeLinear"] = "export the float32 network, before quantisation",
        ["ConvInteger"] = "export the float32 network, before quantisation",
        ["LSTM"] = "export the backbone without its recurrent head",
        ["GRU"] = "export the backbone without its recurrent head",
        ["ConvTranspose"] = "export the classifier or backbone without upsampling",
        ["Resize"] = "export the classifier or backbone without upsampling",
        ["Upsample"] = "export the classifier or backbone without upsampling",
        ["If"] = "export with fixed control flow",
        ["Loop"] = "export with fixed control flow",
        ["PRelu"] = "use Relu, Relu6, HardSwish or SiLU",
        ["LeakyRelu"] = "use Relu, Relu6, HardSwish or SiLU",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Imports a node of a supported operator.</summary>
    /// <param name="operation">The node.</param>
    public static Operand Import(OnnxOperation operation) => _imports[operation.Operator](operation);

    /// <summary>Whether the operator of a node is known.</summary>
    /// <param name="node">The node.</param>
    public static bool IsSupported(OnnxNode node) =>
        OnnxParser.IsDefaultDomain(node.Domain) && _imports.ContainsKey(node.Operator);

    /// <summary>Checks that all operators are known.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="source">Path of the file.</param>
    /// <exception cref="ModelFormatException">Names every unsupported operator with its first node and what would do.</exception>
    public static void CheckSupported(ImmutableArray<OnnxNode> nodes, string source)
    {
        var unsupported = nodes
            .Where(node => !IsSupported(node))
            .GroupBy(node => (node.Domain, node.Operator))
            .Select(group => Describe([.. group]))
            .ToList();
        if (unsupported.Count > 0)
        {
            throw new ModelFormatException(
                source,
                $"{unsupported.Count} operators are not supported: {string.Join("; ", unsupported)}.",
                $"Supported are {string.Join(", ", _imports.Keys.Order(StringComparer.Ordinal))}."
            );
        }
    }

    private static string Describe(OnnxNode[] nodes)
    {
        var node = nodes[0];
        var more = nodes.Length > 1 ? $" and {nodes.Length - 1} more" : "";
        var need = OnnxParser.IsDefaultDomain(node.Domain)
            ? _needs.GetValueOrDefault(node.Operator, "export the network without it")
            : $"it belongs to '{node.Domain}'; export with ONNX's own operators only";
        return $"{OnnxOperation.Describe(node)}{more}: {need}";
    }
}
