using System.Text.Json;
using System.Text.Json.Serialization;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>The file of measured choices.</summary>
/// <param name="Kernels">Identity of the kernels that were measured; others make the file stale.</param>
/// <param name="Devices">Measurements by device.</param>
internal sealed record TuningDocument(string Kernels, Dictionary<string, List<MeasuredLaunch>> Devices);

/// <summary>The fastest way of making a launch.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Choice">Name of a tile, or threads of a group.</param>
internal sealed record MeasuredLaunch(string Operation, string Shape, string Choice);

/// <summary>Its JSON; the serialiser is generated at compile time.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(TuningDocument))]
internal sealed partial class TuningJson : JsonSerializerContext
{
    /// <summary>Reads a file; null when it is absent, unreadable or of another form.</summary>
    /// <param name="path">The file.</param>
    public static TuningDocument? TryRead(string path)
    {
        const int largest = 16 << 20; // bytes: some 100,000 measurements
        try
        {
            using var stream = RegularFile.TryOpen(path, out _);
            var document =
                stream?.Length <= largest ? JsonSerializer.Deserialize(stream, Default.TuningDocument) : null;
            return document is not null && HasNoGaps(document) ? document : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    // The serialiser refuses null for a property, but not within a collection.
    private static bool HasNoGaps(TuningDocument document) =>
        document.Devices.Values.All(launches =>
            launches is not null && launches.TrueForAll(launch => launch is not null)
        );

    /// <summary>Writes a file in one step, so that nobody reads half of it.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="document">What it will hold.</param>
    public static void Write(string path, TuningDocument document)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        AtomicFile.Write(full, stream => JsonSerializer.Serialize(stream, document, Default.TuningDocument));
    }
}
