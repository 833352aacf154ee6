using System.Text.Json;

namespace ILGpuMobileNet.Host.Bulk;

/// <summary>JSON lines: on each line an object with <c>file</c>, <c>predictions</c> and <c>error</c>.</summary>
internal sealed class JsonLines : ResultFormat
{
    /// <inheritdoc/>
    public override bool IsQuoted => false;

    /// <inheritdoc/>
    public override byte[] Header => [];

    /// <inheritdoc/>
    public override byte[] Write(ClassificationResult result) =>
        JsonSerializer.SerializeToUtf8Bytes(ClassifiedImage.Of(result), BulkJson.Line.ClassifiedImage);

    /// <inheritdoc/>
    public override WrittenResult? Read(ReadOnlySpan<byte> record)
    {
        try
        {
            return ReadObject(record);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException) // the latter: no Unicode
        {
            return null;
        }
    }

    private static WrittenResult? ReadObject(ReadOnlySpan<byte> record)
    {
        var reader = new Utf8JsonReader(record);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }
        var (file, isFailed) = ((string?)null, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isFile, isError) = (reader.ValueTextEquals("file"u8), reader.ValueTextEquals("error"u8));
            reader.Read();
            file = isFile ? reader.GetString() : file;
            isFailed |= isError && reader.TokenType != JsonTokenType.Null;
            reader.Skip();
        }
        reader.Read(); // refuses what follows the object
        return file is null ? null : new(file, isFailed);
    }
}
