using System.Text.Json;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>
/// The layers of a Keras model in the order of the file, models within it entered: sequential and functional ones, as
/// Keras 2 and 3, TensorFlow.js and its converter write them.
/// </summary>
internal sealed class KerasTopology
{
    /// <summary>Calls of layers, those within models each time: networks have some hundreds.</summary>
    private const int MostCalls = 100_000;

    private const string ChannelsLast = "channels_last";

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<KerasLayer> _layers = [];
    private int _callCount;
    private bool _isShaped;

    private KerasTopology(TfjsObject topology)
    {
        Output = ReadModel(topology, "", null);
        var formats = _layers.Select(layer => layer.DataFormat).OfType<string>();
        DataFormat = formats.GroupBy(format => format).MaxBy(group => group.Count())?.Key ?? ChannelsLast;
        if (IsChannelsFirst && InputAxes is [var batch, var channels, var height, var width])
        {
            InputAxes = [batch, height, width, channels];
        }
        HardSigmoidSlope = topology.OptionalText("keras_version") switch
        {
            null => null,
            ['3', '.', ..] => 1 / 6f,
            _ => 0.2f,
        };
    }

    /// <summary>The calls of layers, each after those that it reads.</summary>
    public IReadOnlyList<KerasLayer> Layers => _layers;

    /// <summary>Name of the input.</summary>
    public string Input { get; private set; } = "input";

    /// <summary>Batch, height, width, channels; null where the file leaves one open.</summary>
    public long?[] InputAxes { get; private set; } = [null, null, null, 3];

    /// <summary>The order of axes that most layers have.</summary>
    public string DataFormat { get; }

    /// <summary>Whether channels come before rows and columns; what is computed is the same.</summary>
    public bool IsChannelsFirst => DataFormat == "channels_first";

    /// <summary>The slope of hard-sigmoid, 1/6 from Keras 3 on, before that 0.2; null where the version is not said.</summary>
    public float? HardSigmoidSlope { get; }

    /// <summary>Name of the output.</summary>
    public string Output { get; }

    /// <summary>Reads a topology.</summary>
    /// <param name="topology">What a file has as <c>modelTopology</c>.</param>
    /// <returns>None where it has no layers.</returns>
    /// <exception cref="ModelFormatException">It is damaged.</exception>
    public static KerasTopology? Read(TfjsObject topology) =>
        new KerasTopology(topology) is { Layers.Count: > 0 } known ? known : null;

    // The converter wraps what Keras wrote; TensorFlow.js itself does not.
    private string ReadModel(TfjsObject topology, string scope, string? input)
    {
        var model = topology.OptionalObject("model_config") ?? topology;
        var layers = LayersOf(model);
        var isFunctional = layers.Exists(layer => layer.Has("inbound_nodes"));
        var last = input;
        _callCount += layers.Count;
        foreach (var layer in layers)
        {
            var isConfigured = layer.Find("config") is { ValueKind: JsonValueKind.Object };
            var config = (isConfigured ? layer.Object("config") : layer) with
            {
                What = layer.OptionalText("class_name") ?? "layer",
            };
            var name = layer.OptionalText("name") ?? config.OptionalText("name") ?? config.What;
            if (config.What == "InputLayer")
            {
                last = _values[scope + name] = input is null ? Declare(scope + name, config) : Shaped(input, config);
                continue;
            }
            List<Call> calls = isFunctional
                ? CallsOf(layer, scope)
                : [new() { Values = { Shaped(last ?? Input, config) } }];
            _callCount += calls.Count;
            if (_callCount > MostCalls)
            {
                throw model.Fault($"has more than {MostCalls} calls of layers.");
            }
            foreach (var (index, call) in calls.Index())
            {
                var output = index == 0 ? scope + name : $"{scope}{name}:call{index}";
                last = _values[output] = Append(layer, config, (name, output), call);
            }
        }
        return OutputOf(model, scope) ?? last ?? "";
    }

    private string Append(TfjsObject layer, TfjsObject config, (string Name, string Output) names, Call call)
    {
        if (LayersOf(layer).Count > 0)
        {
            return ReadModel(layer, $"{names.Output}/", call.Values.FirstOrDefault());
        }
        _layers.Add(new(config, names.Name, names.Output, [.. call.Values], call.Number));
        return names.Output;
    }

    private string Declare(string name, TfjsObject config)
    {
        Input = name;
        return Shaped(name, config);
    }

    // A sequential model has the shape at its first layer, which may be a model.
    private string Shaped(string value, TfjsObject config)
    {
        if (!_isShaped && value == Input && ShapeOf(config) is { } axes)
        {
            (InputAxes, _isShaped) = (axes, true);
        }
        return value;
    }

    private static long?[]? ShapeOf(TfjsObject config)
    {
        var shape = config.Find("batch_input_shape") ?? config.Find("batch_shape");
        return shape is { ValueKind: JsonValueKind.Array } list
            ?
            [
                .. list.EnumerateArray()
                    .Select(axis =>
                        axis.ValueKind == JsonValueKind.Number && axis.TryGetInt64(out var size) ? size : (long?)null
                    ),
            ]
            : null;
    }

    /// <summary>The layers of a model; none of what is no model. A sequential one of old Keras has them as its configuration.</summary>
    private static List<TfjsObject> LayersOf(TfjsObject model)
    {
        var config = model.Find("config");
        var layers = config is { ValueKind: JsonValueKind.Object } inner
            ? (model with { Json = inner }).Find("layers")
            : config;
        return layers is { ValueKind: JsonValueKind.Array } list ? [.. model.Items(list, "layers")] : [];
    }

    private string? OutputOf(TfjsObject model, string scope)
    {
        var isFunctional = model.Find("config") is { ValueKind: JsonValueKind.Object };
        if (!isFunctional || model.Object("config").Find("output_layers") is not { } outputs)
        {
            return null;
        }
        var call = new Call();
        Collect(outputs, scope, model, call);
        return call.Values is [var first, ..] ? first : null;
    }

    private List<Call> CallsOf(TfjsObject layer, string scope)
    {
        if (layer.Find("inbound_nodes") is not { ValueKind: JsonValueKind.Array } nodes)
        {
            return [];
        }
        var calls = new List<Call>();
        foreach (var node in nodes.EnumerateArray())
        {
            var call = new Call();
            Collect(node, scope, layer, call);
            calls.Add(call);
        }
        return calls;
    }

    /// <summary>
    /// Finds what a call reads: <c>["name", 0, 0, {"y": 3}]</c>, of Keras 3 <c>"keras_history": ["name", 0, 0]</c> within
    /// tensors among arguments.
    /// </summary>
    private void Collect(JsonElement json, string scope, TfjsObject layer, Call call)
    {
        if (json.ValueKind == JsonValueKind.Object)
        {
            var history = (layer with { Json = json }).Find("keras_history");
            foreach (
                var value in history is { } found ? [found] : json.EnumerateObject().Select(property => property.Value)
            )
            {
                Collect(value, scope, layer, call);
            }
        }
        else if (json.ValueKind == JsonValueKind.Array)
        {
            var items = json.EnumerateArray().ToList();
            if (
                items
                is [
                    { ValueKind: JsonValueKind.String },
                    { ValueKind: JsonValueKind.Number } index,
                    { ValueKind: JsonValueKind.Number },
                    ..,
                ]
            )
            {
                var name = scope + items[0].GetString();
                name = index.TryGetInt32(out var number) && number > 0 ? $"{name}:call{number}" : name;
                call.Values.Add(_values.GetValueOrDefault(name, name));
                items.RemoveRange(0, 3);
            }
            items.ForEach(item => Collect(item, scope, layer, call));
        }
        else if (json.ValueKind == JsonValueKind.Number)
        {
            call.Number = json.TryGetDouble(out var number) ? number : null;
        }
    }

    /// <summary>What a layer is called with.</summary>
    private sealed class Call
    {
        public List<string> Values { get; } = [];

        public double? Number { get; set; }
    }
}
