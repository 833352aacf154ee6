using System.Buffers.Binary;

namespace ILGpuMobileNet.Host.Images;

/// <summary>Decodes Windows and OS/2 bitmaps: 1 to 32 bits, palettes, bit fields, run lengths, both row orders.</summary>
internal sealed class BmpDecoder
{
    private const int FileHeaderSizeInBytes = 14;
    private const int MaskCount = 3;

    private readonly ImageSource source;
    private readonly ByteReader reader;
    private readonly BmpHeader header;
    private readonly ReadOnlyMemory<byte> headerBytes;
    private readonly uint pixelOffset;

    private BmpDecoder(ImageSource source)
    {
        this.source = source;
        reader = new(source);
        pixelOffset = BinaryPrimitives.ReadUInt32LittleEndian(
            reader.Read(FileHeaderSizeInBytes, "the file header").Span[10..]
        );
        var size = BinaryPrimitives.ReadUInt32LittleEndian(reader.Read(4, "the header").Span);
        reader.Seek(FileHeaderSizeInBytes, "the header");
        headerBytes = reader.Read(size, "the header");
        header = BmpHeader.Parse(source, headerBytes.Span);
    }

    /// <summary>Decodes the file.</summary>
    /// <exception cref="ImageFormatException">The file is not a complete, valid BMP.</exception>
    public static RgbImage Decode(ImageSource source) => new BmpDecoder(source).Decode();

    private RgbImage Decode()
    {
        var colours = header.HasPalette ? null : ReadFields();
        var palette = header.HasPalette ? ReadPalette() : [];
        reader.Seek(pixelOffset, "the headers");
        var pixels = (header.Compression, colours) switch
        {
            (BmpCompression.RunLength4 or BmpCompression.RunLength8, _) => Paint(ReadRuns(), palette),
            (_, null) => Paint(ReadIndices(), palette),
            var (_, fields) => fields.Unpack(header, ReadRows().Span),
        };
        return new(header.Width, header.Height, pixels);
    }

    private BmpFields ReadFields()
    {
        if (header.Compression == BmpCompression.None)
        {
            return BmpFields.Default(header.Depth);
        }
        // From version 2 on the masks belong to the header; before that they follow it.
        var masks =
            headerBytes.Length > 40 ? headerBytes.Span[40..] : reader.Read(4 * MaskCount, "the colour masks").Span;
        return BmpFields.FromMasks(source, masks);
    }

    /// <summary>The palette as RGB, <c>[count, 3]</c>.</summary>
    private byte[] ReadPalette()
    {
        var core = headerBytes.Length == BmpHeader.CoreSizeInBytes;
        var used = core ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(headerBytes.Span[32..]);
        var largest = 1u << header.Depth;
        var count = (int)(used == 0 || used > largest ? largest : used);
        var entrySize = core ? 3 : 4;
        var stored = reader.Read(count * entrySize, "the palette").Span;
        var palette = new byte[3 * count];
        for (var i = 0; i < count; i++)
        {
            stored.Slice(i * entrySize, 3).CopyTo(palette.AsSpan(3 * i));
            palette.AsSpan(3 * i, 3).Reverse();
        }
        return palette;
    }

    private ReadOnlyMemory<byte> ReadRows()
    {
        source.CheckCapacity(header.RowSizeInBytes * header.Height, reader.Remaining);
        return reader.Read(header.RowSizeInBytes * header.Height, "the pixels");
    }

    /// <summary>Palette indices <c>[H, W]</c>, top row first.</summary>
    private byte[] ReadIndices()
    {
        var rows = ReadRows().Span;
        var indices = new byte[header.Width * header.Height];
        var mask = (1 << header.Depth) - 1;
        for (var y = 0; y < header.Height; y++)
        {
            var row = rows.Slice((int)(header.RowSizeInBytes * (header.TopDown ? y : header.Height - 1 - y)));
            for (var x = 0; x < header.Width; x++)
            {
                var bit = (long)x * header.Depth;
                indices[y * header.Width + x] = (byte)(
                    row[(int)(bit >> 3)] >> (int)(8 - header.Depth - (bit & 7)) & mask
                );
            }
        }
        return indices;
    }

    private byte[] ReadRuns()
    {
        // A run of two bytes paints at most 255 pixels.
        source.CheckCapacity((long)header.Width * header.Height / 255, reader.Remaining);
        return new BmpRunLength(source, reader, header).Read();
    }

    private byte[] Paint(byte[] indices, byte[] palette)
    {
        var pixels = new byte[3 * indices.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            if (3 * indices[i] >= palette.Length)
            {
                throw source.Fault($"A pixel has colour {indices[i]} of a palette with {palette.Length / 3}.");
            }
            palette.AsSpan(3 * indices[i], 3).CopyTo(pixels.AsSpan(3 * i));
        }
        return pixels;
    }
}
