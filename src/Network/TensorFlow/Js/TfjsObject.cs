using System.Text.Json;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>An object of a <c>model.json</c> whose properties are checked as they are read.</summary>
/// <param name="Json">The JSON.</param>
/// <param name="What">What errors call it.</param>
/// <param name="Source">Path of the file.</param>
internal readonly record struct TfjsObject(JsonElement Json, string What, string Source)
{
    /// <summary>The remedy for a file that no converter writes.</summary>
    public const string Remedy = "The file is damaged; convert the model with tensorflowjs_converter again.";

    /// <summary>Whether a property is there and not null.</summary>
    /// <param name="name">Its name.</param>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>A text.</summary>
    /// <param name="name">Name of the property.</param>
    public string Text(string name) => Required(name, JsonValueKind.String).GetString()!;

    /// <summary>A text, or null where there is none.</summary>
    /// <param name="name">Name of the property.</param>
    public string? OptionalText(string name) =>
        Find(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A number.</summary>
    /// <param name="name">Name of the property.</param>
    public double Number(string name) =>
        Required(name, JsonValueKind.Number).TryGetDouble(out var number)
            ? number
            : throw Fault($"has a '{name}' that is no number of 64 bits.");

    /// <summary>A list of whole numbers.</summary>
    /// <param name="name">Name of the property.</param>
    public long[] Integers(string name)
    {
        var source = this;
        return
        [
            .. Required(name, JsonValueKind.Array)
                .EnumerateArray()
                .Select(item =>
                    item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out var value)
                        ? value
                        : throw source.Fault($"has a '{name}' that is no list of whole numbers.")
                ),
        ];
    }

    /// <summary>A list of texts, empty where there is none.</summary>
    /// <param name="name">Name of the property.</param>
    public string[] OptionalTexts(string name)
    {
        var source = this;
        return Has(name)
            ? [.. Required(name, JsonValueKind.Array).EnumerateArray().Select(item => source.Text(item))]
            : [];
    }

    /// <summary>How many items a list has, 0 where there is none.</summary>
    /// <param name="name">Name of the property.</param>
    public int Count(string name) => Has(name) ? Required(name, JsonValueKind.Array).GetArrayLength() : 0;

    /// <summary>An object.</summary>
    /// <param name="name">Name of the property; errors call the object so.</param>
    public TfjsObject Object(string name) => new(Required(name, JsonValueKind.Object), $"'{name}' of {What}", Source);

    /// <summary>An object, or null where there is none.</summary>
    /// <param name="name">Name of the property; errors call the object so.</param>
    public TfjsObject? OptionalObject(string name) => Has(name) ? Object(name) : null;

    /// <summary>A list of objects.</summary>
    /// <param name="name">Name of the property; errors count its items.</param>
    public IEnumerable<TfjsObject> Objects(string name) => Items(Required(name, JsonValueKind.Array), name);

    /// <summary>The items of a list, each an object.</summary>
    /// <param name="list">The list.</param>
    /// <param name="name">Its name; errors count its items.</param>
    public IEnumerable<TfjsObject> Items(JsonElement list, string name)
    {
        var source = Source;
        return list.EnumerateArray()
            .Select(
                (item, i) =>
                    item.ValueKind == JsonValueKind.Object
                        ? new TfjsObject(item, $"{name}[{i}]", source)
                        : throw new ModelFormatException(
                            source,
                            $"{name}[{i}] is {item.ValueKind}, expected Object.",
                            Remedy
                        )
            );
    }

    /// <summary>The values of all properties, each an object.</summary>
    public IEnumerable<TfjsObject> Values()
    {
        var source = this;
        return Json.EnumerateObject()
            .Select(
                (property, i) =>
                    property.Value.ValueKind == JsonValueKind.Object
                        ? new TfjsObject(property.Value, $"property {i} of {source.What}", source.Source)
                        : throw source.Fault($"has a property {i} that is {property.Value.ValueKind}, expected Object.")
            );
    }

    /// <summary>A property, or null where it is absent or null.</summary>
    /// <param name="name">Its name.</param>
    public JsonElement? Find(string name) =>
        Json.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;

    /// <summary>The object for the time after the file is closed.</summary>
    public TfjsObject Kept() => this with { Json = Json.Clone() };

    /// <summary>A fault of the file at this object.</summary>
    /// <param name="fault">What was got and what was expected.</param>
    /// <param name="remedy">What the user can do.</param>
    public ModelFormatException Fault(string fault, string remedy = Remedy) => new(Source, $"{What} {fault}", remedy);

    private JsonElement Required(string name, JsonValueKind kind)
    {
        var found = Find(name) ?? throw Fault($"has no '{name}'.");
        return found.ValueKind == kind
            ? found
            : throw Fault($"has a '{name}' that is {found.ValueKind}, expected {kind}.");
    }

    private string Text(JsonElement json) =>
        json.ValueKind == JsonValueKind.String
            ? json.GetString()!
            : throw Fault($"has {json.ValueKind} where a text should be.");
}
