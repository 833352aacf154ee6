using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>Writes safetensors files; <see cref="WeightFiles"/> reads them.</summary>
public static class Safetensors
{
    private const int ChunkElementCount = 1 << 14;

    /// <summary>
    /// Writes tensors in the order of their names. The same content gives the same bytes; the file is there whole or
    /// not at all.
    /// </summary>
    /// <param name="path">Path of the file; an existing one is replaced.</param>
    /// <param name="weights">The tensors.</param>
    /// <param name="metadata">Texts for the header's <c>__metadata__</c>, or none.</param>
    /// <param name="type"><see cref="ElementType.F32"/>, or <see cref="ElementType.F16"/> to round to half the size.</param>
    /// <exception cref="ArgumentException">Another type.</exception>
    /// <exception cref="ModelFormatException">A weight is too large for float16.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Writing the file is not allowed.</exception>
    public static void Write(
        string path,
        WeightSet weights,
        IReadOnlyDictionary<string, string>? metadata = null,
        ElementType type = ElementType.F32
    )
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (type is not (ElementType.F32 or ElementType.F16))
        {
            throw new ArgumentException($"Weights are written as F32 or F16, not as {type}.", nameof(type));
        }
        AtomicFile.Write(path, stream => Write(stream, weights, metadata, type));
    }

    internal static void Write(
        Stream stream,
        WeightSet weights,
        IReadOnlyDictionary<string, string>? metadata = null,
        ElementType type = ElementType.F32
    )
    {
        var tensors = weights.Tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal).ToList();
        var header = HeaderOf(tensors, metadata, type);
        Span<byte> length = stackalloc byte[SafetensorsFile.LengthSizeInBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (name, tensor) in tensors)
        {
            if (type == ElementType.F32)
            {
                stream.Write(MemoryMarshal.AsBytes(tensor.Data.Span));
            }
            else
            {
                WriteHalves(stream, (name, weights.Source), tensor.Data.Span);
            }
        }
    }

    private static void WriteHalves(Stream stream, (string Name, string Source) tensor, ReadOnlySpan<float> data)
    {
        var buffer = new Half[Math.Min(data.Length, ChunkElementCount)];
        for (var start = 0; start < data.Length; start += buffer.Length)
        {
            var chunk = data[start..Math.Min(data.Length, start + buffer.Length)];
            for (var i = 0; i < chunk.Length; i++)
            {
                buffer[i] = (Half)chunk[i];
                if (Half.IsInfinity(buffer[i]) && float.IsFinite(chunk[i]))
                {
                    var fault = $"tensor '{tensor.Name}' holds {chunk[i]}, but float16 ends at {(float)Half.MaxValue}.";
                    throw new ModelFormatException(tensor.Source, fault, "Write the weights as F32, without --f16.");
                }
            }
            stream.Write(MemoryMarshal.AsBytes<Half>(buffer.AsSpan(0, chunk.Length)));
        }
    }

    private static byte[] HeaderOf(
        List<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata,
        ElementType type
    )
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            var offset = 0L;
            foreach (var (name, tensor) in tensors)
            {
                var end = offset + Elements.SizeInBytes(type, tensor.Data.Length);
                WriteEntry(json, new(name, tensor.Shape, type), offset, end);
                offset = end;
            }
            json.WriteEndObject();
        }
        // Readers map the file into memory; spaces after the header keep the data aligned.
        buffer.Write(new byte[] { 0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20 }, 0, (int)(-buffer.Length & 7));
        return buffer.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null)
        {
            return;
        }
        json.WriteStartObject(SafetensorsHeader.MetadataName);
        foreach (var (name, text) in metadata.OrderBy(item => item.Key, StringComparer.Ordinal))
        {
            json.WriteString(name, text);
        }
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, StoredTensor tensor, long begin, long end)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type.ToString());
        json.WriteStartArray("shape");
        foreach (var axis in tensor.Shape)
        {
            json.WriteNumberValue(axis);
        }
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
