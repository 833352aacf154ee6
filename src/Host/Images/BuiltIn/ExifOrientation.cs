using System.Buffers.Binary;

namespace ILGpuMobileNet.Host.Images;

/// <summary>The orientation that a camera stores (EXIF tag 0x0112): 1 is upright, 2 to 8 are mirrored or turned.</summary>
internal static class ExifOrientation
{
    private const ushort Tag = 0x0112;
    private const ushort ShortType = 3;

    /// <summary>Finds the orientation in EXIF data; what is unreadable counts as upright, as viewers do.</summary>
    /// <param name="exif">A TIFF structure, without the leading <c>Exif\0\0</c>.</param>
    public static int Parse(ReadOnlySpan<byte> exif)
    {
        var littleEndian = exif.StartsWith("II*\0"u8);
        if (exif.Length < 10 || !littleEndian && !exif.StartsWith("MM\0*"u8))
        {
            return 1;
        }
        var directory = UInt32(exif[4..], littleEndian);
        return directory > exif.Length - 2 ? 1 : FindIn(exif[(int)directory..], littleEndian);
    }

    private static int FindIn(ReadOnlySpan<byte> directory, bool littleEndian)
    {
        var count = UInt16(directory, littleEndian);
        for (var entries = directory[2..]; count > 0 && entries.Length >= 12; entries = entries[12..], count--)
        {
            if (UInt16(entries, littleEndian) == Tag && UInt16(entries[2..], littleEndian) == ShortType)
            {
                var value = UInt16(entries[8..], littleEndian);
                return value is >= 1 and <= 8 ? value : 1;
            }
        }
        return 1;
    }

    /// <summary>Turns and mirrors pixels into the upright picture.</summary>
    /// <param name="image">The stored picture.</param>
    /// <param name="orientation">1 to 8.</param>
    public static RgbImage Apply(RgbImage image, int orientation)
    {
        if (orientation == 1)
        {
            return image;
        }
        // From 5 on, rows of the stored picture are columns of the upright one.
        var (width, height) = orientation >= 5 ? (image.Height, image.Width) : (image.Width, image.Height);
        var pixels = new byte[image.Pixels.Length];
        var source = image.Pixels.Span;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (row, column) = Stored(orientation, x, y, image);
                source.Slice(3 * (row * image.Width + column), 3).CopyTo(pixels.AsSpan(3 * (y * width + x)));
            }
        }
        return new(width, height, pixels);
    }

    private static (int Row, int Column) Stored(int orientation, int x, int y, RgbImage image)
    {
        var (right, bottom) = (image.Width - 1, image.Height - 1);
        return orientation switch
        {
            2 => (y, right - x),
            3 => (bottom - y, right - x),
            4 => (bottom - y, x),
            5 => (x, y),
            6 => (bottom - x, y),
            7 => (bottom - x, right - y),
            _ => (x, right - y),
        };
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool littleEndian) =>
        littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool littleEndian) =>
        littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
