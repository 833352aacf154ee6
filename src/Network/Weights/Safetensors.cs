using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>
/// Reads and writes safetensors files: eight bytes of header length (little-endian), a JSON header of names, dtypes,
/// shapes and offsets, then the tensors without gaps.
/// </summary>
public static class Safetensors
{
    private const string Expected = "a safetensors file";
    private const int LengthSizeInBytes = 8;

    /// <summary>Longest header that is read, the limit that other readers of the format have too.</summary>
    private const int MaxHeaderSizeInBytes = 100_000_000;

    /// <summary>Reads every F32 tensor; PyTorch's <c>num_batches_tracked</c> counters are left out.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file is not valid, or a tensor has another dtype than F32.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not allowed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static WeightSet Read(string path, CancellationToken cancellationToken = default)
    {
        using var stream = ModelFile.Open(path);
        return Read(stream, path, cancellationToken);
    }

    /// <summary>Writes tensors in the order of their names.</summary>
    /// <param name="path">Path of the file; an existing one is replaced.</param>
    /// <param name="weights">The tensors.</param>
    /// <param name="metadata">Texts for the header's <c>__metadata__</c>, or none.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Writing the file is not allowed.</exception>
    public static void Write(string path, WeightSet weights, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = File.Create(path);
        Write(stream, weights, metadata);
    }

    internal static WeightSet Read(Stream stream, string source, CancellationToken cancellationToken)
    {
        var header = ReadHeader(stream, source, cancellationToken);
        var dataSize = stream.Length - LengthSizeInBytes - header.Length;
        var entries = SafetensorsHeader.Parse(header, source);
        SafetensorsLayout.Check(entries, dataSize, source);
        var tensors = ImmutableDictionary.CreateBuilder<string, Tensor>(StringComparer.Ordinal);
        foreach (var entry in entries.OrderBy(entry => entry.Begin).Where(entry => !entry.IsCounter))
        {
            stream.Position = LengthSizeInBytes + header.Length + entry.Begin;
            var data = new float[entry.ElementCount];
            ModelFile.Fill(stream, MemoryMarshal.AsBytes(data.AsSpan()), cancellationToken);
            tensors.Add(entry.Name, new Tensor(entry.Shape, data));
        }
        return new(source, tensors.ToImmutable());
    }

    internal static void Write(Stream stream, WeightSet weights, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var tensors = weights.Tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal).ToList();
        var header = HeaderOf(tensors, metadata);
        Span<byte> length = stackalloc byte[LengthSizeInBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, tensor) in tensors)
        {
            stream.Write(MemoryMarshal.AsBytes(tensor.Data.Span));
        }
    }

    private static byte[] ReadHeader(Stream stream, string source, CancellationToken cancellationToken)
    {
        var head = new byte[Math.Min(stream.Length, FileSignature.HeadSizeInBytes)];
        ModelFile.Fill(stream, head, cancellationToken);
        if (head.Length < LengthSizeInBytes)
        {
            throw ModelFile.WrongKind(source, Expected, head, $"it has only {head.Length} bytes");
        }
        var length = BinaryPrimitives.ReadUInt64LittleEndian(head);
        var available = (ulong)(stream.Length - LengthSizeInBytes);
        if (length is < 2 or > MaxHeaderSizeInBytes || length > available || head[LengthSizeInBytes] != '{')
        {
            var fault =
                $"its header would have {length} bytes of {available}, expected at most {MaxHeaderSizeInBytes}, with '{{' first";
            throw ModelFile.WrongKind(source, Expected, head, fault);
        }
        var header = new byte[length];
        stream.Position = LengthSizeInBytes;
        ModelFile.Fill(stream, header, cancellationToken);
        return header;
    }

    private static byte[] HeaderOf(
        List<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata
    )
    {
        var header = new SortedDictionary<string, object>(StringComparer.Ordinal);
        if (metadata is not null)
        {
            header.Add(SafetensorsHeader.MetadataName, metadata);
        }
        var offset = 0L;
        foreach (var (name, tensor) in tensors)
        {
            var end = offset + (long)tensor.Data.Length * sizeof(float);
            long[] offsets = [offset, end];
            header.Add(
                name,
                new
                {
                    dtype = SafetensorsHeader.Float32,
                    shape = tensor.Shape,
                    data_offsets = offsets,
                }
            );
            offset = end;
        }
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        // Readers map the file into memory; spaces after the header keep the data aligned.
        return [.. json, .. Enumerable.Repeat((byte)' ', -json.Length & 7)];
    }
}
