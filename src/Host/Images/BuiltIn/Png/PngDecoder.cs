using System.IO.Compression;

namespace ILGpuMobileNet.Host.Images;

/// <summary>
/// Decodes PNG (ISO/IEC 15948): all colour types, depths and Adam7; checksums are checked; transparency is dropped.
/// </summary>
/// <param name="source">The file.</param>
internal sealed class PngDecoder(ImageSource source)
{
    // Deflate stores at most 258 bytes in 2 bits.
    private const int LargestDeflateRatio = 1032;

    private static readonly System.Buffers.SearchValues<byte> Letters = System.Buffers.SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8
    );

    private readonly ByteReader reader = new(source);
    private readonly List<ReadOnlyMemory<byte>> compressed = [];
    private ReadOnlyMemory<byte> palette;
    private int orientation = 1;

    /// <summary>Decodes the file.</summary>
    /// <exception cref="ImageFormatException">The file is not a complete, valid PNG.</exception>
    public RgbImage Decode()
    {
        reader.Read(8, "the signature");
        var header = ReadHeader();
        while (ReadChunk()) { }
        if (header.Colour == PngColour.Palette && palette.IsEmpty)
        {
            throw source.Fault("The image refers to a palette, but there is no PLTE chunk.");
        }
        return ExifOrientation.Apply(ReadPixels(header), orientation);
    }

    private PngHeader ReadHeader()
    {
        var (kind, data) = NextChunk();
        return kind == "IHDR"
            ? PngHeader.Parse(source, data)
            : throw source.Fault(
                $"The first chunk is {kind} instead of IHDR.",
                "Save the image as standard PNG (Apple's CgBI variant is not one)."
            );
    }

    /// <summary>Reads a chunk; false after the last.</summary>
    private bool ReadChunk()
    {
        var (kind, data) = NextChunk();
        switch (kind)
        {
            case "IDAT":
                compressed.Add(data);
                break;
            case "PLTE":
                palette = CheckedPalette(data);
                break;
            case "eXIf":
                orientation = ExifOrientation.Parse(data.Span);
                break;
            // An upper-case first letter marks what a decoder must understand.
            case var other when char.IsAsciiLetterUpper(other[0]) && other != "IEND":
                throw source.Fault($"The file has a critical chunk {other} that PNG does not define here.");
        }
        return kind != "IEND";
    }

    private ReadOnlyMemory<byte> CheckedPalette(ReadOnlyMemory<byte> data) =>
        data.Length is > 0 and <= 768 && data.Length % 3 == 0
            ? data
            : throw source.Fault($"The PLTE chunk has {data.Length} bytes instead of 3 for each of 1 to 256 colours.");

    private (string Kind, ReadOnlyMemory<byte> Data) NextChunk()
    {
        var length = reader.ReadUInt32BigEndian("the length of a chunk (no IEND chunk was found)");
        var start = reader.Position;
        var name = reader.Read(4, "the name of a chunk").Span;
        var kind = name.ContainsAnyExcept(Letters)
            ? throw source.Fault($"A chunk is named by the bytes {Convert.ToHexString(name)} instead of four letters.")
            : System.Text.Encoding.ASCII.GetString(name);
        var data = reader.Read(length, $"an {kind} chunk of {length} bytes");
        var covered = source.Bytes.Span[start..reader.Position];
        return Crc32.Compute(covered) == reader.ReadUInt32BigEndian($"the checksum of an {kind} chunk")
            ? (kind, data)
            : throw source.Fault($"The checksum of an {kind} chunk does not match its content.");
    }

    private RgbImage ReadPixels(PngHeader header)
    {
        var needed = (header.RowSizeInBytes(header.Width) + 1L) * header.Height / LargestDeflateRatio;
        var joined = Join(compressed);
        source.CheckCapacity(needed, joined.Length);
        try
        {
            using var inflater = new ZLibStream(new MemoryStream(joined), CompressionMode.Decompress);
            return new PngRows(source, header, palette).Read(inflater);
        }
        catch (InvalidDataException exception)
        {
            throw source.Fault("The compressed pixels are no valid zlib data.", cause: exception);
        }
        catch (EndOfStreamException exception)
        {
            throw source.Fault(
                "The image is truncated: its compressed data ends before its last row.",
                cause: exception
            );
        }
    }

    private static byte[] Join(List<ReadOnlyMemory<byte>> parts)
    {
        var joined = new byte[parts.Sum(part => part.Length)];
        var rest = joined.AsMemory();
        foreach (var part in parts)
        {
            part.CopyTo(rest);
            rest = rest[part.Length..];
        }
        return joined;
    }
}
