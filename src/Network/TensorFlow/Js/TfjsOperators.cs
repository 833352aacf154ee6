using System.Collections.Frozen;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>The operators of TensorFlow.js graphs that are read.</summary>
internal static class TfjsOperators
{
    /// <summary>Output channels, input channels, rows and columns of a filter <c>[H, W, I, O]</c>.</summary>
    private static readonly long[] _order = [3, 2, 0, 1];

    private static readonly FrozenDictionary<string, Action<TfjsGraph, TfjsNode>> _imports = new Dictionary<
        string,
        Action<TfjsGraph, TfjsNode>
    >
    {
        ["Add"] = Arithmetic("Add"),
        ["AddN"] = (graph, node) => graph.Values.Sum(node.Origin, [.. node.Required(1), .. node.Inputs[1..]]),
        ["AddV2"] = Arithmetic("Add"),
        ["AvgPool"] = (graph, node) => Pool(graph, node, "AveragePool"),
        ["BiasAdd"] = Arithmetic("Add"),
        ["Concat"] = (graph, node) => Concat(graph, node, axisFirst: true),
        ["ConcatV2"] = (graph, node) => Concat(graph, node, axisFirst: false),
        ["Const"] = (graph, node) => graph.Declare(node),
        ["Conv2D"] = (graph, node) => graph.Values.Convolution(node.Origin, node.Required(2), _order, node.Window()),
        ["DepthwiseConv2dNative"] = (graph, node) =>
            graph.Values.DepthwiseConvolution(node.Origin, node.Required(2), node.Window()),
        ["FusedBatchNorm"] = BatchNorm,
        ["FusedBatchNormV2"] = BatchNorm,
        ["FusedBatchNormV3"] = BatchNorm,
        ["FusedDepthwiseConv2dNative"] = (graph, node) =>
            Fused(graph, node, origin => graph.Values.DepthwiseConvolution(origin, node.Required(3), node.Window())),
        ["Identity"] = (graph, node) => graph.Values.Alias(node.Origin, node.Required(1)[0]),
        ["MatMul"] = (graph, node) => MatMul(graph, node, node.Origin, 2),
        ["MaxPool"] = (graph, node) => Pool(graph, node, "MaxPool"),
        ["Maximum"] = Arithmetic("Max"),
        ["Mean"] = Mean,
        ["Minimum"] = Arithmetic("Min"),
        ["Mul"] = Arithmetic("Mul"),
        ["Pack"] = TfjsShapes.Pack,
        ["Pad"] = Pad,
        ["PadV2"] = Pad,
        ["Placeholder"] = (graph, node) => graph.Values.Input(node.Name, [.. node.Shape()]),
        ["RealDiv"] = Arithmetic("Div"),
        ["Relu"] = Activation("Relu"),
        ["Relu6"] = Activation("Clip"),
        ["Reshape"] = (graph, node) => graph.Values.InOwnOrder(node.Origin, "Reshape", node.Required(2)),
        ["Shape"] = (graph, node) => graph.Values.InOwnOrder(node.Origin, "Shape", node.Required(1)),
        ["Sigmoid"] = Activation("Sigmoid"),
        ["Softmax"] = (graph, node) =>
            graph.Values.InOwnOrder(node.Origin, "Softmax", node.Required(1), NodeAttribute.Of("axis", -1)),
        ["Split"] = (graph, node) =>
            Split(graph, node, node.Integer("num_split"), (node.Required(2)[1], node.Inputs[0])),
        ["SplitV"] = SplitV,
        ["Squeeze"] = (graph, node) =>
            graph.Values.Squeeze(node.Origin, node.Required(1)[0], node.Integers("squeeze_dims")),
        ["StridedSlice"] = TfjsShapes.StridedSlice,
        ["Sub"] = Arithmetic("Sub"),
        ["Transpose"] = (graph, node) =>
            graph.Values.Transpose(node.Origin, node.Required(2)[0], graph.Integers(node, node.Inputs[1])),
        ["_FusedConv2D"] = (graph, node) =>
            Fused(graph, node, origin => graph.Values.Convolution(origin, node.Required(3), _order, node.Window())),
        ["_FusedMatMul"] = (graph, node) => Fused(graph, node, origin => MatMul(graph, node, origin, 3)),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Translates a node.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">The node, of a supported operator.</param>
    public static void Import(TfjsGraph graph, TfjsNode node) => _imports[node.Operator](graph, node);

    /// <summary>Checks that all operators are known.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="source">Path of the file.</param>
    /// <exception cref="ModelFormatException">Names every unsupported operator with its first node.</exception>
    public static void CheckSupported(IReadOnlyCollection<TfjsNode> nodes, string source) =>
        UnsupportedOperators.Check(
            nodes.Where(node => !_imports.ContainsKey(node.Operator)).Select(node => (node.Operator, node.Name)),
            _imports.Keys,
            source
        );

    private static Action<TfjsGraph, TfjsNode> Arithmetic(string kind) =>
        (graph, node) => graph.Values.Arithmetic(node.Origin, kind, node.Required(2));

    private static Action<TfjsGraph, TfjsNode> Activation(string kind) =>
        (graph, node) => graph.Values.Activation(node.Origin, node.Required(1)[0], kind);

    private static void Pool(TfjsGraph graph, TfjsNode node, string kind) =>
        graph.Values.Pool(node.Origin, node.Required(1)[0], kind, node.Window());

    private static void BatchNorm(TfjsGraph graph, TfjsNode node)
    {
        if (node.Flag("is_training") || node.Text("data_format") is not (null or "NHWC"))
        {
            throw node.Fault("normalises with the batch's own statistics, or not over the last axis.");
        }
        graph.Values.BatchNorm(node.Origin, node.Required(5), node.Single("epsilon"));
    }

    private static void Mean(TfjsGraph graph, TfjsNode node)
    {
        var inputs = node.Required(2);
        graph.Values.Mean(node.Origin, inputs[0], graph.Integers(node, inputs[1]), node.Flag("keep_dims"));
    }

    private static void Pad(TfjsGraph graph, TfjsNode node)
    {
        var inputs = node.Required(2);
        if (node.Inputs.Length > 2 && !graph.IsZero(node.Inputs[2]))
        {
            throw node.Fault("pads with something else than zeros.");
        }
        graph.Values.Pad(node.Origin, inputs[0], graph.Integers(node, inputs[1]));
    }

    private static void Concat(TfjsGraph graph, TfjsNode node, bool axisFirst)
    {
        node.Required(2);
        var inputs = node.Inputs;
        var axis = graph.Axis(node, axisFirst ? inputs[0] : inputs[^1]);
        graph.Values.Concat(node.Origin, axisFirst ? inputs[1..] : inputs[..^1], axis);
    }

    private static void SplitV(TfjsGraph graph, TfjsNode node)
    {
        var inputs = node.Required(3);
        var sizes = graph.Integers(node, inputs[1]);
        Split(graph, node, sizes.Length, (inputs[0], inputs[2]), sizes);
    }

    private static void Split(
        TfjsGraph graph,
        TfjsNode node,
        long count,
        (string Value, string Axis) inputs,
        params long[] sizes
    ) => graph.Values.Split(node.Origin, node.Outputs(count), inputs.Value, graph.Axis(node, inputs.Axis), sizes);

    private static void MatMul(TfjsGraph graph, TfjsNode node, Origin origin, int inputCount)
    {
        if (node.Flag("transpose_a"))
        {
            throw node.Fault("transposes its input, expected [N, C].");
        }
        graph.Values.Linear(origin, node.Required(inputCount), isOutputFirst: node.Flag("transpose_b"));
    }

    /// <summary>An operator with its bias, followed by an activation or by nothing.</summary>
    private static void Fused(TfjsGraph graph, TfjsNode node, Action<Origin> append)
    {
        var activation = node.Texts("fused_ops") switch
        {
            ["BiasAdd"] => null,
            ["BiasAdd", "Relu"] => "Relu",
            ["BiasAdd", "Relu6"] => "Clip",
            ["BiasAdd", "Sigmoid"] => "Sigmoid",
            var other => throw node.Fault(
                $"is fused with [{string.Join(", ", other)}]; read are BiasAdd alone or with Relu, Relu6 or Sigmoid."
            ),
        };
        graph.Values.Activated(node.Origin, activation, append);
    }
}
