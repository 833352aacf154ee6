using System.Text.Json;
using System.Text.Unicode;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>
/// A parsed <c>model.json</c>. A file that is only a manifest of weights (a list of groups, as older libraries have it)
/// counts as a layers model without topology.
/// </summary>
internal sealed class TfjsDocument : IDisposable
{
    private const string Expected = "a TensorFlow.js model.json";

    /// <summary>Largest file that is read, 32 MiB; weights are not in it, and MobileNets have 0.2 MB.</summary>
    private const int MaxSizeInBytes = 32 << 20;

    private readonly JsonDocument _json;

    /// <summary>What some editors put before a text in UTF-8.</summary>
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private TfjsDocument(JsonDocument json, string path)
    {
        _json = json;
        Path = path;
        Root = new(json.RootElement, "the file", path);
        IsGraph =
            !IsManifest
            && (
                Root.OptionalText("format") == "graph-model"
                || (Root.OptionalObject("modelTopology") is { } topology && topology.Has("node"))
            );
    }

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    /// <summary>The outermost object.</summary>
    public TfjsObject Root { get; }

    /// <summary>True for a graph model, false for a layers model.</summary>
    public bool IsGraph { get; }

    /// <summary>Groups of weights with their shards.</summary>
    public IEnumerable<TfjsObject> Groups =>
        IsManifest ? Root.Items(Root.Json, "the manifest") : Root.Objects("weightsManifest");

    /// <summary>Whether it is a list of weights alone.</summary>
    public bool IsManifest => Root.Json.ValueKind == JsonValueKind.Array;

    /// <summary>Reads a file.</summary>
    /// <param name="stream">The file <c>model.json</c>.</param>
    /// <param name="path">Its path; the shards are beside it.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">It is no JSON, or not of TensorFlow.js.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static TfjsDocument Read(Stream stream, string path, CancellationToken cancellationToken)
    {
        stream.Position = 0;
        var content = new byte[Math.Min(stream.Length, MaxSizeInBytes + 1)];
        ModelFile.Fill(stream, content, cancellationToken);
        return content.Length <= MaxSizeInBytes
            ? Parse(content, path)
            : throw ModelFile.WrongKind(path, Expected, content, $"it has more than {MaxSizeInBytes} bytes");
    }

    /// <summary>Parses a file that is already in memory.</summary>
    /// <param name="content">Its bytes.</param>
    /// <param name="path">Its path; the shards are beside it.</param>
    /// <exception cref="ModelFormatException">It is no JSON, or not of TensorFlow.js.</exception>
    public static TfjsDocument Parse(ReadOnlyMemory<byte> content, string path)
    {
        content = content.Span.StartsWith(ByteOrderMark) ? content[ByteOrderMark.Length..] : content;
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(content);
            CheckTexts(content.Span, path);
        }
        catch (JsonException fault)
        {
            throw FileSignature.Recognize(content.Span) is { Format: not WeightFormat.TensorFlowJsLayers }
                ? ModelFile.WrongKind(path, Expected, content.Span, "")
                : new ModelFormatException(path, $"expected {Expected}: {fault.Message}", TfjsObject.Remedy, fault);
        }
        return IsModel(new(json.RootElement, "the file", path))
            ? new(json, path)
            : throw new ModelFormatException(
                path,
                $"expected {Expected}: it has no 'weightsManifest'.",
                "Give the model.json that tensorflowjs_converter or model.save writes beside the shards."
            );
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    /// <summary>
    /// Checks that all texts and names are Unicode, which the parser leaves to whoever reads them: none is one where bytes
    /// are no UTF-8, or half of a surrogate pair is escaped.
    /// </summary>
    private static void CheckTexts(ReadOnlySpan<byte> content, string path)
    {
        var reader = new Utf8JsonReader(content);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsUnicode(reader))
            {
                throw new ModelFormatException(
                    path,
                    $"expected {Expected}: the text at byte {reader.TokenStartIndex} is no Unicode.",
                    TfjsObject.Remedy
                );
            }
        }
    }

    private static bool IsUnicode(Utf8JsonReader text)
    {
        if (!text.ValueIsEscaped)
        {
            return Utf8.IsValid(text.ValueSpan);
        }
        try
        {
            _ = text.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsModel(TfjsObject root) =>
        root.Json.ValueKind == JsonValueKind.Array
        || (root.Json.ValueKind == JsonValueKind.Object && root.Has("weightsManifest"));
}
