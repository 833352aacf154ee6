using System.Buffers.Binary;

namespace ILGpuMobileNet.Host.Images;

/// <summary>The headers of a BMP.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="TopDown">True if the first stored row is the top one.</param>
/// <param name="Depth">Bits per pixel: 1, 4, 8, 16, 24 or 32.</param>
/// <param name="Compression">How pixels are stored.</param>
internal readonly record struct BmpHeader(int Width, int Height, bool TopDown, int Depth, BmpCompression Compression)
{
    public const int CoreSizeInBytes = 12;

    /// <summary>Bytes of a stored row: a multiple of four.</summary>
    public long RowSizeInBytes => ((long)Width * Depth + 31) / 32 * 4;

    /// <summary>True if pixels are numbers of palette colours.</summary>
    public bool HasPalette => Depth <= 8;

    /// <summary>Reads and checks the header that follows the 14 bytes of the file header.</summary>
    /// <param name="source">The file.</param>
    /// <param name="bytes">The header, as long as its first field says.</param>
    /// <exception cref="ImageFormatException">A field is not supported, or the image too large.</exception>
    public static BmpHeader Parse(ImageSource source, ReadOnlySpan<byte> bytes)
    {
        var header = bytes.Length == CoreSizeInBytes ? ParseCore(source, bytes) : ParseInfo(source, bytes);
        if (!header.IsSupported)
        {
            throw source.Fault(
                $"The BMP has {header.Depth} bits per pixel in compression {(int)header.Compression}, which is not supported.",
                "Save it as an uncompressed BMP of 24 bits, or as PNG."
            );
        }
        return header;
    }

    private static BmpHeader ParseCore(ImageSource source, ReadOnlySpan<byte> bytes)
    {
        var width = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        var height = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        source.CheckSize(width, height);
        return new(width, height, false, BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]), BmpCompression.None);
    }

    private static BmpHeader ParseInfo(ImageSource source, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is not (40 or 52 or 56 or 64 or 108 or 124))
        {
            throw source.Fault($"The BMP header has {bytes.Length} bytes, known are 12, 40, 52, 56, 64, 108 and 124.");
        }
        var width = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        var height = (long)BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        source.CheckSize(width, Math.Abs(height));
        var depth = BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]);
        var compression = (BmpCompression)BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]);
        return new(width, (int)Math.Abs(height), height < 0, depth, compression);
    }

    private bool IsSupported =>
        Compression switch
        {
            BmpCompression.None => Depth is 1 or 4 or 8 or 16 or 24 or 32,
            BmpCompression.RunLength8 => Depth == 8 && !TopDown,
            BmpCompression.RunLength4 => Depth == 4 && !TopDown,
            BmpCompression.BitFields or BmpCompression.AlphaBitFields => Depth is 16 or 32,
            _ => false,
        };
}
