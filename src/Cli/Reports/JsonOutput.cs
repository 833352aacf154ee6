using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Comparison;
using ILGpuMobileNet.Host.Load;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Cli.Reports;

/// <summary>The tool's JSON: snake_case names, serialisers generated at compile time for a fast start.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Classification))]
[JsonSerializable(typeof(BulkReport))]
[JsonSerializable(typeof(NetworkSummary))]
[JsonSerializable(typeof(IReadOnlyList<ModelEntry>))]
[JsonSerializable(typeof(IReadOnlyList<DeviceEntry>))]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(FeatureReport))]
[JsonSerializable(typeof(ComparisonReport))]
[JsonSerializable(typeof(ConversionReport))]
[JsonSerializable(typeof(InspectionDocument))]
[JsonSerializable(typeof(IReadOnlyList<ContractEntry>))]
[JsonSerializable(typeof(Measurement))]
[JsonSerializable(typeof(PlanSummary))]
[JsonSerializable(typeof(MemoryReport))]
[JsonSerializable(typeof(NetworkProfile))]
[JsonSerializable(typeof(IReadOnlyList<TunedLaunch>))]
[JsonSerializable(typeof(LoadResult))]
[JsonSerializable(typeof(RateSearchResult))]
internal sealed partial class JsonOutput : JsonSerializerContext
{
    /// <summary>For a document of its own.</summary>
    public static JsonOutput Indented { get; } = new(Settings(isIndented: true));

    /// <summary>For one object on a line.</summary>
    public static JsonOutput Line { get; } = new(Settings(isIndented: false));

    /// <summary>Writes a value and ends the line.</summary>
    /// <param name="output">Receives it.</param>
    /// <param name="value">The value.</param>
    /// <param name="type">Its serialiser, of <see cref="Indented"/> or <see cref="Line"/>.</param>
    public static void Write<T>(TextWriter output, T value, JsonTypeInfo<T> type)
    {
        output.WriteLine(JsonSerializer.Serialize(value, type));
        output.Flush();
    }

    // Labels and paths in any script stay readable; the output is no HTML.
    private static JsonSerializerOptions Settings(bool isIndented) =>
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            WriteIndented = isIndented,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // "NaN" is an activation as well
            Converters = { new NumberConverter() },
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
}
