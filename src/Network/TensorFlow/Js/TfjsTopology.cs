using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>
/// What a Keras topology says about the numerics of its weights, as texts that a contract can be compared with. A key
/// is there only where all layers agree:
/// <list type="bullet">
/// <item><c>batch_input_shape</c>: the input, <c>null,224,224,3</c>;</item>
/// <item><c>epsilon</c>: of the batch normalisations, <c>0.001</c>;</item>
/// <item><c>strided_padding</c>: <c>same</c> or <c>valid</c>, of the convolutions with a stride above 1;</item>
/// <item><c>zero_padding</c>: of the ZeroPadding2D layers before them, <c>((0,1),(0,1))</c>;</item>
/// <item><c>padding</c>: what both come to, <c>same</c>, <c>symmetric</c> or <c>none</c>;</item>
/// <item><c>strides</c>: those above 1 of all convolutions, in their order, <c>2x2,2x2</c>;</item>
/// <item><c>activations</c>: every function that occurs, in alphabetical order, <c>relu6,softmax</c>.</item>
/// </list>
/// </summary>
internal static class TfjsTopology
{
    /// <summary>The metadata of a file.</summary>
    /// <param name="document">The file.</param>
    public static ImmutableDictionary<string, string> Describe(TfjsDocument document)
    {
        var metadata = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (document.Root.Json.ValueKind != JsonValueKind.Object)
        {
            return metadata.ToImmutable();
        }
        foreach (var name in new[] { "format", "generatedBy", "convertedBy" })
        {
            AddSingle(metadata, name, [document.Root.OptionalText(name)]);
        }
        var layers = document.Root.OptionalObject("modelTopology") is { } topology ? Layers(topology).ToList() : [];
        var strided = layers.Where(IsStrided).ToList();
        AddSingle(metadata, "batch_input_shape", layers.Select(layer => Compact(layer, "batch_input_shape")));
        AddSingle(metadata, "epsilon", layers.Select(Epsilon));
        AddSingle(metadata, "strided_padding", strided.Select(layer => layer.OptionalText("padding")));
        AddSingle(
            metadata,
            "zero_padding",
            layers.Where(Is("ZeroPadding2D")).Select(layer => Compact(layer, "padding"))
        );
        AddSingle(metadata, "padding", Paddings(layers, strided));
        AddSingle(metadata, "strides", [string.Join(",", strided.Select(Strides))]);
        var activations = layers.Select(Activation).OfType<string>().Where(name => name != "linear");
        AddSingle(metadata, "activations", [string.Join(",", activations.Distinct().Order(StringComparer.Ordinal))]);
        return metadata.ToImmutable();
    }

    /// <summary>The configurations of all layers, named by their class; nested models are entered.</summary>
    private static IEnumerable<TfjsObject> Layers(TfjsObject model)
    {
        // The converter wraps what Keras wrote; TensorFlow.js itself does not.
        var inner = model.OptionalObject("model_config") ?? model;
        if (inner.Find("config") is not { } config)
        {
            return [];
        }
        // A Sequential of old Keras has its layers directly in its config.
        var list =
            config.ValueKind == JsonValueKind.Object && config.TryGetProperty("layers", out var layers)
                ? layers
                : config;
        if (list.ValueKind == JsonValueKind.Array)
        {
            return inner.Items(list, "layers").SelectMany(Layers);
        }
        return config.ValueKind == JsonValueKind.Object
            ? [new(config, inner.OptionalText("class_name") ?? "", inner.Source)]
            : [];
    }

    private static Func<TfjsObject, bool> Is(string className) => layer => layer.What == className;

    private static string? Epsilon(TfjsObject layer) =>
        layer.What == "BatchNormalization" && layer.Has("epsilon")
            ? layer.Number("epsilon").ToString(CultureInfo.InvariantCulture)
            : null;

    private static bool IsStrided(TfjsObject layer) =>
        layer.What is "Conv2D" or "DepthwiseConv2D"
        && layer.Has("strides")
        && layer.Integers("strides").Any(stride => stride > 1);

    private static string Strides(TfjsObject layer) => string.Join("x", layer.Integers("strides"));

    private static IEnumerable<string?> Paddings(List<TfjsObject> layers, List<TfjsObject> strided)
    {
        var zeros = layers.Where(Is("ZeroPadding2D")).ToList();
        // SAME of an odd axis is symmetric, and says nothing.
        var isOdd = layers.Any(layer => Compact(layer, "batch_input_shape")?.Split(',')[1..^1].Any(IsOdd) == true);
        return zeros
            .Select(layer => isOdd ? null : Rule(Compact(layer, "padding")))
            .Concat(
                strided.Select(layer =>
                    layer.OptionalText("padding") switch
                    {
                        "same" => "same",
                        "valid" when zeros.Count == 0 && Compact(layer, "kernel_size") is not ("1,1" or null) => "none",
                        _ => null,
                    }
                )
            );
    }

    private static bool IsOdd(string axis) => int.TryParse(axis, out var size) && size % 2 != 0;

    private static string? Rule(string? zeros) =>
        zeros switch
        {
            "(0,1),(0,1)" or "(1,2),(1,2)" => "same",
            "(1,1),(1,1)" or "(2,2),(2,2)" => "symmetric",
            _ => null,
        };

    private static string? Activation(TfjsObject layer)
    {
        if (layer.What != "ReLU")
        {
            return layer.OptionalText("activation");
        }
        return layer.Has("max_value") && layer.Number("max_value") == 6 ? "relu6" : "relu";
    }

    /// <summary>A list as <c>a,b</c>, nested ones as <c>((a,b),(c,d))</c>.</summary>
    private static string? Compact(TfjsObject layer, string name) =>
        layer.Find(name) is { ValueKind: JsonValueKind.Array } list ? Text(list)[1..^1] : null;

    private static string Text(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array
            ? $"({string.Join(",", json.EnumerateArray().Select(Text))})"
            : json.GetRawText();

    private static void AddSingle(
        ImmutableDictionary<string, string>.Builder metadata,
        string key,
        IEnumerable<string?> values
    )
    {
        if (values.OfType<string>().Distinct().ToList() is [{ Length: > 0 } single])
        {
            metadata.Add(key, single);
        }
    }
}
