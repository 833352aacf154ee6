using System.Buffers.Binary;

namespace ILGpuMobileNet.Host.Images;

/// <summary>Decodes the Netpbm formats P1 to P6: bitmap, grey and colour, as text or as bytes.</summary>
/// <param name="source">The file.</param>
internal sealed class PnmDecoder(ImageSource source)
{
    private readonly ByteReader reader = new(source);

    private readonly record struct Header(int Kind, int Width, int Height, int Maximum)
    {
        public bool IsText => Kind <= 3;
        public bool IsBitmap => Kind is 1 or 4;
        public int ChannelCount => Kind is 3 or 6 ? 3 : 1;
        public int SampleSizeInBytes => Maximum > 255 ? 2 : 1;
        public long SampleCount => (long)Width * Height * ChannelCount;
    }

    /// <summary>Decodes the first image of the file.</summary>
    /// <exception cref="ImageFormatException">The file is not a complete, valid PNM.</exception>
    public RgbImage Decode()
    {
        var header = ReadHeader();
        source.CheckCapacity(SmallestSizeInBytes(header), reader.Remaining);
        var pixels = new byte[3 * header.Width * header.Height];
        if (header.Kind == 4)
        {
            ReadBits(header, pixels);
        }
        else
        {
            ReadSamples(header, pixels);
        }
        return new(header.Width, header.Height, pixels);
    }

    private Header ReadHeader()
    {
        var kind = reader.Read(2, "the signature").Span[1] - '0';
        var (width, height) = (ReadNumber("the width"), ReadNumber("the height"));
        source.CheckSize(width, height);
        var maximum = kind is 1 or 4 ? 1 : ReadNumber("the largest sample");
        if (maximum is < 1 or > ushort.MaxValue)
        {
            throw source.Fault($"The header gives {maximum} as largest sample, PNM allows 1 to 65535.");
        }
        if (kind > 3)
        {
            reader.Read(1, "the white space before the pixels");
        }
        return new(kind, width, height, maximum);
    }

    private static long SmallestSizeInBytes(Header header) =>
        header.Kind switch
        {
            1 => header.SampleCount,
            // A digit and the space before the next.
            2 or 3 => 2 * header.SampleCount - 1,
            4 => (header.Width + 7L) / 8 * header.Height,
            _ => header.SampleCount * header.SampleSizeInBytes,
        };

    private void ReadBits(Header header, Span<byte> pixels)
    {
        for (var y = 0; y < header.Height; y++)
        {
            var row = reader.Read((header.Width + 7L) / 8, "the pixels").Span;
            for (var x = 0; x < header.Width; x++)
            {
                // A set bit is ink: black.
                var black = (row[x >> 3] >> (7 - (x & 7)) & 1) == 1;
                pixels.Slice(3 * (y * header.Width + x), 3).Fill(black ? (byte)0 : (byte)255);
            }
        }
    }

    private void ReadSamples(Header header, Span<byte> pixels)
    {
        var copies = 3 / header.ChannelCount;
        for (; !pixels.IsEmpty; pixels = pixels[copies..])
        {
            var sample = header.IsText ? ReadText(header) : ReadBinary(header);
            if (sample > header.Maximum)
            {
                throw source.Fault($"A sample is {sample}, the header says at most {header.Maximum}.");
            }
            var level = (sample * 255 + header.Maximum / 2) / header.Maximum;
            pixels[..copies].Fill((byte)(header.IsBitmap ? 255 - level : level));
        }
    }

    private int ReadBinary(Header header) =>
        header.SampleSizeInBytes == 2
            ? BinaryPrimitives.ReadUInt16BigEndian(reader.Read(2, "the pixels").Span)
            : reader.ReadByte("the pixels");

    // The digits of P1 may follow each other without space.
    private int ReadText(Header header) =>
        header.IsBitmap ? Digit(SkipSpace("the pixels"), "the pixels") : ReadNumber("the pixels");

    private int ReadNumber(string what)
    {
        var number = (long)Digit(SkipSpace(what), what);
        while (reader.Remaining > 0)
        {
            var next = reader.ReadByte(what);
            if (!char.IsAsciiDigit((char)next))
            {
                reader.Seek(reader.Position - 1, what);
                break;
            }
            number = Math.Min(10 * number + Digit(next, what), int.MaxValue);
        }
        return (int)number;
    }

    private int Digit(byte value, string what) =>
        char.IsAsciiDigit((char)value)
            ? value - '0'
            : throw source.Fault($"The byte 0x{value:X2} stands where a digit of {what} is expected.");

    /// <summary>Skips white space and comments, and returns the byte after them.</summary>
    private byte SkipSpace(string what)
    {
        var value = reader.ReadByte(what);
        while (value is (byte)' ' or (byte)'#' or >= 9 and <= 13)
        {
            while (value == '#' && reader.ReadByte(what) is not ((byte)'\n' or (byte)'\r')) { }
            value = reader.ReadByte(what);
        }
        return value;
    }
}
