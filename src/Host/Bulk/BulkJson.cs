using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ILGpuMobileNet.Host.Bulk;

/// <summary>The JSON of bulk jobs; serialisers generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ClassifiedImage))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class BulkJson : JsonSerializerContext
{
    /// <summary>For one object on a line.</summary>
    public static BulkJson Line { get; } = new(Settings(isIndented: false));

    /// <summary>For a file that people read.</summary>
    public static BulkJson Indented { get; } = new(Settings(isIndented: true));

    // Labels and paths in any script stay readable; the output is no HTML.
    private static JsonSerializerOptions Settings(bool isIndented) =>
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            WriteIndented = isIndented,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
}
