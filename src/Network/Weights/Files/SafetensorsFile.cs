using System.Buffers.Binary;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>
/// Opens safetensors files: eight bytes of header length (little-endian), a JSON header of names, dtypes, shapes and
/// offsets, then the tensors without gaps.
/// </summary>
internal static class SafetensorsFile
{
    /// <summary>The bytes in front of the header that hold its length.</summary>
    public const int LengthSizeInBytes = 8;

    /// <summary>Longest header that is read, the limit that other readers of the format have too.</summary>
    private const int MaxHeaderSizeInBytes = 100_000_000;

    /// <summary>Reads and checks the header.</summary>
    /// <param name="stream">The file; the result owns it.</param>
    /// <param name="path">Its path.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file is not valid, or has a dtype that is not listed.</exception>
    public static WeightFile Open(Stream stream, string path, CancellationToken cancellationToken)
    {
        var header = ReadHeader(stream, path, cancellationToken);
        var (entries, metadata) = SafetensorsHeader.Parse(header, path);
        var start = LengthSizeInBytes + header.Length;
        List<SafetensorsEntry> ordered = [.. entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)];
        SafetensorsLayout.Check(ordered, stream.Length - start, path);
        var places = ordered.ConvertAll(entry => new TensorPlace(
            entry.Tensor,
            entry.ElementCount,
            start + entry.Begin
        ));
        return new StreamWeightFile(path, WeightFormat.Safetensors, stream, places, metadata);
    }

    private static byte[] ReadHeader(Stream stream, string path, CancellationToken cancellationToken)
    {
        Span<byte> prefix = stackalloc byte[LengthSizeInBytes];
        stream.Position = 0;
        ModelFile.Fill(stream, prefix, cancellationToken);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        var available = (ulong)(stream.Length - LengthSizeInBytes);
        if (length is < 2 or > MaxHeaderSizeInBytes || length > available)
        {
            throw new ModelFormatException(
                path,
                $"its header would have {length} bytes of {available}, expected at most {MaxHeaderSizeInBytes}.",
                "The file is damaged or cut off; get it again."
            );
        }
        var header = new byte[length];
        ModelFile.Fill(stream, header, cancellationToken);
        return header;
    }
}
