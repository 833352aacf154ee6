using System.Globalization;
using System.Text;
using System.Text.Json;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>A node of a GraphDef in JSON.</summary>
internal sealed class TfjsNode
{
    private readonly TfjsObject _json;
    private readonly TfjsObject? _attributes;

    /// <summary>Reads what every node has.</summary>
    /// <param name="json">The node.</param>
    public TfjsNode(TfjsObject json)
    {
        Name = json.Text("name");
        Operator = json.Text("op");
        _json = json with { What = $"node '{Name}' ({Operator})" };
        _attributes = _json.OptionalObject("attr");
        // Inputs that begin with ^ only ask for an order of execution.
        Inputs = [.. _json.OptionalTexts("input").Where(input => !input.StartsWith('^')).Select(WithoutIndex)];
    }

    /// <summary>Its name, which its output has too.</summary>
    public string Name { get; }

    /// <summary>Operator type.</summary>
    public string Operator { get; }

    /// <summary>Whether it steers a loop.</summary>
    public bool IsOfLoop => Operator is "Enter" or "Exit" or "LoopCond" or "Merge" or "NextIteration" or "Switch";

    /// <summary>Names of the values that it reads.</summary>
    public string[] Inputs { get; }

    /// <summary>The node as an operator to translate.</summary>
    public Origin Origin => new(Name, Operator, Name);

    /// <summary>The name of a node as inputs and signatures have it, without the number of its output.</summary>
    /// <param name="name">The name, perhaps followed by <c>:0</c>.</param>
    public static string WithoutIndex(string name) => name.EndsWith(":0", StringComparison.Ordinal) ? name[..^2] : name;

    /// <summary>The node that produces a value: <c>split</c> of its second output <c>split:1</c>.</summary>
    /// <param name="value">Name of the value.</param>
    public static string NodeOf(string value)
    {
        var colon = value.LastIndexOf(':');
        return colon > 0 && int.TryParse(value.AsSpan(colon + 1), NumberStyles.None, null, out _)
            ? value[..colon]
            : value;
    }

    /// <summary>Names of its outputs.</summary>
    /// <param name="count">How many it has.</param>
    public string[] Outputs(long count) =>
        count is >= 1 and <= Constant.MaxIntegerCount
            ? [Name, .. Enumerable.Range(1, (int)count - 1).Select(index => $"{Name}:{index}")]
            : throw Fault($"has {count} outputs, expected 1 to {Constant.MaxIntegerCount}.");

    /// <summary>The first inputs, which must be there.</summary>
    /// <param name="count">How many.</param>
    public string[] Required(int count) =>
        Inputs.Length >= count ? Inputs[..count] : throw Fault($"has {Inputs.Length} inputs, expected {count}.");

    /// <summary>Yes or no.</summary>
    /// <param name="attribute">Name of the attribute; an absent one is no.</param>
    public bool Flag(string attribute) => Find(attribute, "b")?.ValueKind == JsonValueKind.True;

    /// <summary>A number, 0 where it is absent.</summary>
    /// <param name="attribute">Name of the attribute.</param>
    public float Single(string attribute) =>
        Attribute(attribute)?.Has("f") == true ? (float)Attribute(attribute)!.Value.Number("f") : 0;

    /// <summary>A whole number, 0 where it is absent.</summary>
    /// <param name="attribute">Name of the attribute.</param>
    public long Integer(string attribute) => Find(attribute, "i") is { } number ? Integer(number) : 0;

    /// <summary>A text, or null.</summary>
    /// <param name="attribute">Name of the attribute.</param>
    public string? Text(string attribute) => Find(attribute, "s") is { } text ? Decoded(text) : null;

    /// <summary>A list of texts, empty where it is absent.</summary>
    /// <param name="attribute">Name of the attribute.</param>
    public string[] Texts(string attribute) => [.. List(attribute, "s").Select(Decoded)];

    /// <summary>A list of whole numbers, empty where it is absent.</summary>
    /// <param name="attribute">Name of the attribute.</param>
    public long[] Integers(string attribute) => [.. List(attribute, "i").Select(Integer)];

    /// <summary>The shape of a placeholder: null for an open axis.</summary>
    public long?[] Shape() =>
        Attribute("shape")?.OptionalObject("shape") is { } shape && shape.Has("dim")
            ?
            [
                .. shape
                    .Objects("dim")
                    .Select(axis =>
                        axis.Find("size") is { } size && Integer(size) is >= 0 and var known ? (long?)known : null
                    ),
            ]
            : throw Fault("has no shape.");

    /// <summary>The window of a convolution or pooling.</summary>
    public TensorWindow Window()
    {
        if (Text("data_format") is not (null or "NHWC"))
        {
            throw Fault($"has data_format '{Text("data_format")}', expected NHWC.");
        }
        var padding = Text("padding") switch
        {
            "SAME" => TensorPadding.Same,
            "VALID" => TensorPadding.Valid,
            var other => throw Fault($"has padding '{other}', expected SAME or VALID."),
        };
        var kernel = Attribute("ksize") is null ? (Extent?)null : Extent("ksize");
        return new(Extent("strides"), Extent("dilations"), padding, kernel);
    }

    /// <summary>A fault of the file at this node.</summary>
    /// <param name="fault">What was got and what was expected.</param>
    public ModelFormatException Fault(string fault) => _json.Fault(fault, ChannelsLastGraph.Remedy);

    private Extent Extent(string attribute) =>
        Integers(attribute) switch
        {
            [] => Kernels.Extent.Square(1),
            [1, >= 1 and <= int.MaxValue and var height, >= 1 and <= int.MaxValue and var width, 1] => new(
                (int)height,
                (int)width
            ),
            var other => throw Fault($"has {attribute} [{string.Join(", ", other)}], expected [1, height, width, 1]."),
        };

    private TfjsObject? Attribute(string name) => _attributes?.OptionalObject(name);

    private JsonElement? Find(string attribute, string kind) => Attribute(attribute)?.Find(kind);

    private JsonElement[] List(string attribute, string kind) =>
        Attribute(attribute)?.OptionalObject("list")?.Find(kind) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray()]
            : [];

    /// <summary>Protobuf's JSON has whole numbers of 64 bits as texts.</summary>
    private long Integer(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out var number))
        {
            return number;
        }
        const NumberStyles style = NumberStyles.AllowLeadingSign;
        var isText = json.ValueKind == JsonValueKind.String;
        return
            isText
            && long.TryParse(json.GetRawText().AsSpan()[1..^1], style, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Fault($"has {json.ValueKind} where a whole number should be.");
    }

    /// <summary>Protobuf's JSON has bytes in base64.</summary>
    private string Decoded(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && json.TryGetBytesFromBase64(out var bytes)
            ? Encoding.UTF8.GetString(bytes)
            : throw Fault($"has {json.ValueKind} where a text in base64 should be.");
}
