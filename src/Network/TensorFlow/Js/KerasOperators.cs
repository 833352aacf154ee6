using System.Collections.Frozen;
using System.Text.Json;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>The layers of Keras that are known, translated.</summary>
internal static class KerasOperators
{
    private static readonly long[] _order = [3, 2, 0, 1];

    private static readonly FrozenDictionary<string, Action<KerasGraph, KerasLayer>> _imports = new Dictionary<
        string,
        Action<KerasGraph, KerasLayer>
    >
    {
        ["Activation"] = (graph, layer) => Activation(graph, layer.Origin, layer, FunctionOf(layer)),
        ["Add"] = (graph, layer) => Arithmetic(graph, layer, "Add"),
        ["AlphaDropout"] = Nothing,
        ["Average"] = (graph, layer) => graph.AppendUnknown(layer, "Mean"),
        ["AveragePooling2D"] = (graph, layer) => Pool(graph, layer, "AveragePool"),
        ["BatchNormalization"] = BatchNorm,
        ["BatchNormalizationV1"] = BatchNorm,
        ["Concatenate"] = (graph, layer) => graph.Values.Concat(layer.Origin, layer.Inputs, graph.ChannelAxisOf(layer)),
        ["Conv2D"] = Convolution,
        ["Dense"] = Dense,
        ["DepthwiseConv2D"] = DepthwiseConvolution,
        ["Dropout"] = Nothing,
        ["ELU"] = (graph, layer) => graph.AppendUnknown(layer, "Elu"),
        ["Flatten"] = (graph, layer) => graph.Values.InOwnOrder(layer.Origin, "Flatten", [layer.Input]),
        ["GaussianDropout"] = Nothing,
        ["GaussianNoise"] = Nothing,
        ["GlobalAveragePooling2D"] = (graph, layer) =>
            graph.Values.Mean(layer.Origin, layer.Input, [1, 2], layer.Flag("keepdims", absent: false)),
        ["GlobalMaxPooling2D"] = (graph, layer) => graph.AppendUnknown(layer, "GlobalMaxPool"),
        ["LeakyReLU"] = (graph, layer) => graph.AppendUnknown(layer, "LeakyRelu"),
        ["Maximum"] = (graph, layer) => graph.AppendUnknown(layer, "Max"),
        ["MaxPooling2D"] = (graph, layer) => Pool(graph, layer, "MaxPool"),
        ["Minimum"] = (graph, layer) => graph.AppendUnknown(layer, "Min"),
        ["Multiply"] = (graph, layer) => Arithmetic(graph, layer, "Mul"),
        ["PReLU"] = (graph, layer) => graph.AppendUnknown(layer, "PRelu"),
        ["ReLU"] = Relu,
        ["Rescaling"] = Rescaling,
        ["Reshape"] = (graph, layer) =>
            graph.Values.Reshape(layer.Origin, layer.Input, [0, .. layer.Config.Integers("target_shape")]),
        ["Softmax"] = (graph, layer) => Softmax(graph, layer.Origin, layer.Input),
        ["SpatialDropout2D"] = Nothing,
        ["Subtract"] = (graph, layer) => graph.AppendUnknown(layer, "Sub"),
        ["TFOpLambda"] = Lambda,
        ["TensorFlowOpLayer"] = Lambda,
        ["ZeroPadding2D"] = ZeroPadding,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // What Keras calls functions that ONNX has a name for.
    private static readonly FrozenDictionary<string, string> _functions = new Dictionary<string, string>
    {
        ["elu"] = "Elu",
        ["exponential"] = "Exp",
        ["gelu"] = "Gelu",
        ["hard_silu"] = "HardSwish",
        ["hard_swish"] = "HardSwish",
        ["leaky_relu"] = "LeakyRelu",
        ["mish"] = "Mish",
        ["relu"] = "Relu",
        ["relu6"] = "Clip",
        ["selu"] = "Selu",
        ["sigmoid"] = "Sigmoid",
        ["softplus"] = "Softplus",
        ["softsign"] = "Softsign",
        ["tanh"] = "Tanh",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Translates a layer; one that is not known stands for itself.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="layer">The layer.</param>
    public static void Import(KerasGraph graph, KerasLayer layer)
    {
        if (graph.HasOrderOf(layer) && _imports.TryGetValue(layer.ClassName, out var import))
        {
            import(graph, layer);
        }
        else
        {
            graph.AppendUnknown(layer);
        }
    }

    private static void Nothing(KerasGraph graph, KerasLayer layer) => graph.Values.Alias(layer.Origin, layer.Input);

    private static void Convolution(KerasGraph graph, KerasLayer layer)
    {
        if (layer.Integer("groups", 1) != 1)
        {
            graph.AppendUnknown(layer);
            return;
        }
        var inputs = graph.WithKernel(layer, "kernel");
        CheckKernel(graph, layer, inputs[1], (3, "filters"));
        var window = KerasGraph.Window(layer);
        Activated(graph, layer, origin => graph.Values.Convolution(origin, inputs, _order, window));
    }

    private static void DepthwiseConvolution(KerasGraph graph, KerasLayer layer)
    {
        var inputs = graph.WithKernel(layer, "depthwise_kernel", "kernel");
        CheckKernel(graph, layer, inputs[1], (3, "depth_multiplier"));
        var window = KerasGraph.Window(layer);
        Activated(graph, layer, origin => graph.Values.DepthwiseConvolution(origin, inputs, window));
    }

    private static void CheckKernel(KerasGraph graph, KerasLayer layer, string kernel, (int Axis, string Name) outputs)
    {
        var (_, axes) = graph.Values.Constant(layer.Origin, kernel, 4);
        var size = layer.Extent("kernel_size", new((int)axes[0], (int)axes[1]));
        var count = layer.Integer(outputs.Name, axes[outputs.Axis]);
        if ((size.Height, size.Width, count) != (axes[0], axes[1], axes[outputs.Axis]))
        {
            throw layer.Fault(
                $"has kernel_size {size.Height}x{size.Width} and {outputs.Name} {count}, but the weight '{kernel}' "
                    + $"[{string.Join(", ", axes)}]"
            );
        }
    }

    private static void Dense(KerasGraph graph, KerasLayer layer)
    {
        var inputs = graph.WithKernel(layer, "kernel");
        Activated(graph, layer, origin => graph.Values.Linear(origin, inputs, isOutputFirst: false));
    }

    private static void BatchNorm(KerasGraph graph, KerasLayer layer)
    {
        if (graph.ChannelAxisOf(layer) is not -1)
        {
            graph.AppendUnknown(layer);
            return;
        }
        string[] inputs =
        [
            layer.Input,
            graph.Vector(layer, "gamma", layer.Flag("scale", absent: true), 1),
            graph.Vector(layer, "beta", layer.Flag("center", absent: true), 0),
            graph.Weight(layer, "moving_mean"),
            graph.Weight(layer, "moving_variance"),
        ];
        var epsilon = layer.Config.Has("epsilon") ? layer.Config.Number("epsilon") : 1e-3;
        graph.Values.BatchNorm(layer.Origin, inputs, (float)epsilon);
    }

    private static void Relu(KerasGraph graph, KerasLayer layer)
    {
        double? Number(string name) => layer.Config.Has(name) ? layer.Config.Number(name) : null;

        if (Number("negative_slope") is not (null or 0))
        {
            graph.AppendUnknown(layer, "LeakyRelu");
        }
        else if (Number("threshold") is not (null or 0))
        {
            graph.AppendUnknown(layer, "ThresholdedRelu");
        }
        else if (Number("max_value") is { } most)
        {
            graph.Values.Bounded(layer.Origin, layer.Input, (float)most);
        }
        else
        {
            graph.Values.Activation(layer.Origin, layer.Input, "Relu");
        }
    }

    private static void ZeroPadding(KerasGraph graph, KerasLayer layer)
    {
        var (top, bottom, left, right) = PaddingOf(layer);
        graph.Values.Pad(layer.Origin, layer.Input, [0, 0, top, bottom, left, right, 0, 0]);
    }

    // One number, one for rows and one for columns, or both sides of each.
    private static (long Top, long Bottom, long Left, long Right) PaddingOf(KerasLayer layer)
    {
        if (layer.Config.Find("padding") is not { ValueKind: JsonValueKind.Array } padding)
        {
            var all = layer.Integer("padding", 1);
            return (all, all, all, all);
        }
        var isNested = padding.EnumerateArray().All(axis => axis.ValueKind == JsonValueKind.Array);
        long[] sides = isNested
            ? [.. padding.EnumerateArray().SelectMany(axis => axis.EnumerateArray()).Select(Side)]
            : [.. layer.Config.Integers("padding").SelectMany(size => new[] { size, size })];
        return sides is [>= 0 and var top, >= 0 and var bottom, >= 0 and var left, >= 0 and var right]
            ? (top, bottom, left, right)
            : throw layer.Fault(
                $"has padding {padding.GetRawText()}, expected zeros on both sides of rows and columns"
            );
    }

    private static long Side(JsonElement json) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out var size) ? size : -1;

    private static void Pool(KerasGraph graph, KerasLayer layer, string node) =>
        graph.Values.Pool(
            layer.Origin,
            layer.Input,
            node,
            KerasGraph.Window(layer, layer.Extent("pool_size", Extent.Square(2)))
        );

    private static void Arithmetic(KerasGraph graph, KerasLayer layer, string node)
    {
        string[] inputs =
            layer.Number is { } number && layer.Inputs.Length == 1
                ? [layer.Input, graph.Floats($"{layer.Output}:number", (float)number)]
                : layer.Inputs;
        if (inputs.Length > 2 && node == "Add")
        {
            graph.Values.Sum(layer.Origin, inputs);
        }
        else if (inputs.Length == 2)
        {
            graph.Values.Arithmetic(layer.Origin, node, inputs);
        }
        else
        {
            graph.AppendUnknown(layer);
        }
    }

    // Sums and products with numbers, of which Keras composes hard-swish and hard-sigmoid.
    private static void Lambda(KerasGraph graph, KerasLayer layer)
    {
        var function =
            layer.Config.OptionalText("function") ?? layer.Config.OptionalObject("node_def")?.OptionalText("op");
        var number = layer.Config.OptionalObject("constants") is { } constants
            ? constants
                .Json.EnumerateObject()
                .Select(constant => constant.Value)
                .FirstOrDefault(value => value.ValueKind == JsonValueKind.Number)
            : default;
        var call =
            number.ValueKind == JsonValueKind.Number && number.TryGetDouble(out var value)
                ? layer with
                {
                    Number = value,
                }
                : layer;
        switch (function?.Split('.')[^1])
        {
            case "add" or "__add__" or "Add" or "AddV2":
                Arithmetic(graph, call, "Add");
                break;
            case "multiply" or "__mul__" or "Mul":
                Arithmetic(graph, call, "Mul");
                break;
            default:
                graph.AppendUnknown(layer);
                break;
        }
    }

    private static void Rescaling(KerasGraph graph, KerasLayer layer)
    {
        if (layer.Config.Find("scale") is not { ValueKind: JsonValueKind.Number })
        {
            graph.AppendUnknown(layer);
            return;
        }
        var scaled = layer.Origin with { Output = $"{layer.Output}:scaled" };
        var scale = graph.Floats($"{layer.Output}:scale", (float)layer.Config.Number("scale"));
        var offset = graph.Floats(
            $"{layer.Output}:offset",
            layer.Config.Has("offset") ? (float)layer.Config.Number("offset") : 0
        );
        graph.Values.Arithmetic(scaled, "Mul", [layer.Input, scale]);
        graph.Values.Arithmetic(layer.Origin, "Add", [scaled.Output, offset]);
    }

    private static void Softmax(KerasGraph graph, Origin origin, string input) =>
        graph.Values.InOwnOrder(origin, "Softmax", [input], NodeAttribute.Of("axis", -1));

    /// <summary>A layer followed by the function that its configuration names.</summary>
    private static void Activated(KerasGraph graph, KerasLayer layer, Action<Origin> append)
    {
        var function = FunctionOf(layer);
        if (function == "linear")
        {
            append(layer.Origin);
            return;
        }
        var linear = layer.Origin with { Output = $"{layer.Output}:linear" };
        append(linear);
        var activation = layer with { Inputs = [linear.Output] };
        Activation(graph, layer.Origin with { Name = $"{layer.Name}/activation" }, activation, function);
    }

    private static string FunctionOf(KerasLayer layer) => layer.Config.OptionalText("activation") ?? "linear";

    private static void Activation(KerasGraph graph, Origin origin, KerasLayer layer, string function)
    {
        switch (function)
        {
            case "linear":
                graph.Values.Alias(origin, layer.Input);
                break;
            case "softmax":
                Softmax(graph, origin, layer.Input);
                break;
            case "swish" or "silu":
                var gate = origin with { Output = $"{origin.Output}:gate" };
                graph.Values.Activation(gate, layer.Input, "Sigmoid");
                graph.Values.Arithmetic(origin, "Mul", [layer.Input, gate.Output]);
                break;
            case "hard_sigmoid" when graph.HardSigmoidSlope is { } slope:
                graph.Values.HardSigmoid(origin, layer.Input, slope);
                break;
            default:
                var node = _functions.GetValueOrDefault(function, $"keras.{function}");
                graph.Values.Activation(origin with { Operator = function }, layer.Input, node);
                break;
        }
    }
}
