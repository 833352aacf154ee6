using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ILGpuMobileNet.Host.Tests.Contracts;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Models;

/// <summary>A layers model as Keras and TensorFlow.js write them: the weights of one of Keras's networks and its topology.</summary>
internal sealed class KerasModel
{
    private readonly NetworkGraph _graph;
    private readonly Dictionary<string, ImmutableArray<int>> _shapes;
    private readonly JsonArray _layers = [];
    private readonly Dictionary<int, string> _values = [];

    private KerasModel(NetworkGraph graph, WeightFile weights)
    {
        _graph = graph;
        _shapes = weights.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);
    }

    /// <summary>Writes a model.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="list">The network's list of tensors.</param>
    /// <param name="edit">Changes its layers.</param>
    /// <param name="rename">Changes the names of its tensors.</param>
    /// <param name="size">Rows and columns of the input.</param>
    public static string Write(
        TemporaryFolder folder,
        string list,
        Action<JsonArray>? edit = null,
        Func<string, string>? rename = null,
        int size = 224
    )
    {
        using var weights = WeightFiles.Open(PublishedFile.Write(folder, list, 1000));
        using (var shard = File.Create(folder.PathOf("shard")))
        {
            foreach (var tensor in weights.Tensors)
            {
                shard.Write(MemoryMarshal.AsBytes(weights.Read(tensor.Name).Data.Span));
            }
        }
        var layers = Layers(weights, size);
        edit?.Invoke(layers);
        var model = new
        {
            format = "layers-model",
            modelTopology = new { class_name = "Model", config = new { layers } },
            weightsManifest = new[]
            {
                new
                {
                    paths = new[] { "shard" },
                    weights = weights.Tensors.Select(tensor => new
                    {
                        name = rename?.Invoke(tensor.Name) ?? tensor.Name,
                        shape = tensor.Shape,
                        dtype = "float32",
                    }),
                },
            },
        };
        return folder.Write("model.json", JsonSerializer.Serialize(model));
    }

    /// <summary>Writes calls as Keras 3 does, sums and products with numbers too.</summary>
    /// <param name="layers">The layers.</param>
    public static void CallAsKeras3(JsonArray layers)
    {
        foreach (var layer in layers.Skip(1).Select(layer => layer!.AsObject()))
        {
            var arguments = new JsonArray();
            foreach (var input in layer["inbound_nodes"]![0]!.AsArray())
            {
                JsonArray history = [input![0]!.DeepClone(), 0, 0];
                var config = new JsonObject { ["shape"] = new JsonArray(null, 7, 7, 3), ["keras_history"] = history };
                arguments.Add(new JsonObject { ["class_name"] = "__keras_tensor__", ["config"] = config });
                if (input[3]!["y"] is { } number)
                {
                    arguments.Add(number.DeepClone());
                    layer["class_name"] = (string)layer["config"]!["function"]! == "math.add" ? "Add" : "Multiply";
                }
            }
            var isList = (string)layer["class_name"]! is "Add" or "Multiply" && arguments.Count > 1;
            var call = new JsonObject
            {
                ["args"] = isList ? new JsonArray(arguments) : arguments,
                ["kwargs"] = new JsonObject { ["training"] = false },
            };
            layer["inbound_nodes"] = new JsonArray(call);
        }
    }

    /// <summary>Puts a scaling of the image before the network, as Keras's own MobileNetV3 has it.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="scale">What the image is multiplied by.</param>
    /// <param name="offset">What is added to it.</param>
    public static void Rescale(JsonArray layers, double scale, double offset)
    {
        foreach (var input in layers.Skip(1).SelectMany(layer => layer!["inbound_nodes"]![0]!.AsArray()))
        {
            if ((string)input![0]! == "input_1")
            {
                input[0] = "rescaling";
            }
        }
        var rescaling = Described("Rescaling", "rescaling", new() { ["scale"] = scale, ["offset"] = offset });
        rescaling["inbound_nodes"] = new JsonArray(new JsonArray(new JsonArray("input_1", 0, 0, new JsonObject())));
        layers.Insert(1, rescaling);
    }

    /// <summary>The configuration of a layer.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="name">Its name.</param>
    public static JsonObject Config(JsonArray layers, string name) => Layer(layers, name)["config"]!.AsObject();

    /// <summary>A layer.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="name">Its name.</param>
    public static JsonObject Layer(JsonArray layers, string name) =>
        layers.Single(layer => (string)layer!["name"]! == name)!.AsObject();

    /// <summary>The layers of a class.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="className">The class.</param>
    public static IEnumerable<JsonObject> OfClass(JsonArray layers, string className) =>
        layers.Where(layer => (string)layer!["class_name"]! == className).Select(layer => layer!.AsObject());

    private static JsonArray Layers(WeightFile weights, int size)
    {
        var fit = WeightIdentity.Identify(weights)[0];
        var graph = fit.Architecture.Build(fit.Options with { Resolution = Extent.Square(size) });
        var names = fit
            .Form.ParametersOf(graph)
            .SelectMany(naming => naming)
            .ToLookup(stored => stored.Parameter.Name, stored => stored.Names);
        string InFile(string parameter) =>
            names[parameter]
                .SelectMany(found => found)
                .First(name => weights.Tensors.Any(tensor => tensor.Name == name));
        var model = new KerasModel(graph.WithNames(InFile), weights);
        model.Write();
        return model._layers;
    }

    private void Write()
    {
        var input = _graph.Input;
        _values[0] = "input_1";
        _layers.Add(
            Described(
                "InputLayer",
                "input_1",
                new() { ["batch_input_shape"] = new JsonArray(null, input.Height, input.Width, input.Channels) }
            )
        );
        foreach (var (index, layer) in _graph.Layers.Index())
        {
            string[] inputs = [.. layer.Inputs.Select(id => _values[id])];
            _values[index + 1] = Write(layer, inputs);
        }
    }

    private string Write(Layer layer, string[] inputs) =>
        layer switch
        {
            ConvolutionLayer convolution => WriteConvolution(convolution, inputs),
            BatchNormLayer norm => Add(
                "BatchNormalization",
                LayerOf(norm.Statistics.Scale),
                inputs,
                new()
                {
                    ["epsilon"] = norm.Epsilon,
                    ["axis"] = -1,
                    ["center"] = true,
                    ["scale"] = true,
                }
            ),
            ActivationLayer { Activation: var activation } => WriteActivation(layer.Name, activation, inputs),
            AddLayer => Add("Add", layer.Name, inputs),
            ScaleLayer => Add("Multiply", layer.Name, inputs),
            GlobalAveragePoolLayer => Add("GlobalAveragePooling2D", layer.Name, inputs, new() { ["keepdims"] = true }),
            LinearLayer linear => WriteLinear(linear, inputs),
            _ => throw new ArgumentException($"{layer} has no layer in Keras."),
        };

    // A strided one is padded by a layer of its own, as Keras's networks have it.
    private string WriteConvolution(ConvolutionLayer layer, string[] inputs)
    {
        var window = layer.Geometry.Window;
        var (name, isDepthwise) = (LayerOf(layer.Weight), layer.Geometry.Groups > 1);
        var isPadded = window.Stride != Extent.Square(1);
        if (isPadded)
        {
            var padding = window.Padding;
            JsonArray sides = [new JsonArray(padding.Top, padding.Bottom), new JsonArray(padding.Left, padding.Right)];
            inputs = [Add("ZeroPadding2D", $"{name}_pad", inputs, new() { ["padding"] = sides })];
        }
        return Add(
            isDepthwise ? "DepthwiseConv2D" : "Conv2D",
            name,
            inputs,
            new()
            {
                ["kernel_size"] = new JsonArray(window.Kernel.Height, window.Kernel.Width),
                ["strides"] = new JsonArray(window.Stride.Height, window.Stride.Width),
                ["padding"] = isPadded ? "valid" : "same",
                ["use_bias"] = layer.Bias is not null,
                ["activation"] = "linear",
                ["data_format"] = "channels_last",
            }
        );
    }

    // Keras's older networks end in a convolution.
    private string WriteLinear(LinearLayer layer, string[] inputs)
    {
        var isConvolution = _shapes[layer.Weight.Name].Length == 4;
        var isLast = layer == _graph.Layers.OfType<LinearLayer>().Last();
        JsonObject config = new() { ["use_bias"] = true, ["activation"] = isLast ? "softmax" : "linear" };
        if (isConvolution)
        {
            config["kernel_size"] = new JsonArray(1, 1);
        }
        return Add(isConvolution ? "Conv2D" : "Dense", LayerOf(layer.Weight), inputs, config);
    }

    // Hard ones are composed as Keras's own are.
    private string WriteActivation(string name, Activation activation, string[] inputs)
    {
        string Relu(string of, double? most) =>
            Add("ReLU", $"{name}_relu", [of], new() { ["max_value"] = most, ["negative_slope"] = 0 });
        string Lambda(string function, string of, double number) =>
            Add("TFOpLambda", $"{name}_{function}", [of], new() { ["function"] = $"math.{function}" }, number);

        switch (activation.Kind)
        {
            case ActivationKind.Relu:
                return Relu(inputs[0], null);
            case ActivationKind.Relu6:
                return Relu(inputs[0], 6);
            case ActivationKind.HardSigmoid or ActivationKind.HardSwish:
                var gate = Lambda("multiply", Relu(Lambda("add", inputs[0], 3), 6), 1 / 6.0);
                return activation.Kind == ActivationKind.HardSigmoid
                    ? gate
                    : Add("Multiply", $"{name}_product", [inputs[0], gate]);
            default:
                throw new ArgumentException($"{activation} is in none of Keras's networks.");
        }
    }

    private string Add(string className, string name, string[] inputs, JsonObject? config = null, double? number = null)
    {
        var layer = Described(className, name, config ?? []);
        JsonObject Arguments() => number is { } value ? new() { ["y"] = value, ["name"] = null } : [];
        layer["inbound_nodes"] = new JsonArray(
            new JsonArray([.. inputs.Select(input => new JsonArray(input, 0, 0, Arguments()))])
        );
        _layers.Add(layer);
        return name;
    }

    private static JsonObject Described(string className, string name, JsonObject config) =>
        new()
        {
            ["class_name"] = className,
            ["name"] = name,
            ["config"] = config,
            ["inbound_nodes"] = new JsonArray(),
        };

    private static string LayerOf(Parameter parameter) => parameter.Name[..parameter.Name.LastIndexOf('/')];
}
