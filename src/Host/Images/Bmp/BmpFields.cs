using System.Buffers.Binary;
using System.Numerics;

namespace ILGpuMobileNet.Host.Images;

/// <summary>Where the three colours lie in the bits of a BMP's pixel.</summary>
internal sealed class BmpFields
{
    private readonly Field[] fields;

    private BmpFields(uint red, uint green, uint blue) => fields = [new(red), new(green), new(blue)];

    /// <summary>The layout without masks: 5-5-5 in 16 bits, else a byte each.</summary>
    /// <param name="depth">16, 24 or 32 bits.</param>
    public static BmpFields Default(int depth) =>
        depth == 16 ? new(0x7C00, 0x03E0, 0x001F) : new(0xFF0000, 0x00FF00, 0x0000FF);

    /// <summary>The layout that the file's masks give.</summary>
    /// <param name="source">The file.</param>
    /// <param name="masks">Three numbers of four bytes: red, green, blue.</param>
    /// <exception cref="ImageFormatException">A mask is empty or has gaps.</exception>
    public static BmpFields FromMasks(ImageSource source, ReadOnlySpan<byte> masks)
    {
        var layout = new BmpFields(Mask(masks, 0), Mask(masks, 1), Mask(masks, 2));
        return Array.TrueForAll(layout.fields, field => field.IsContiguous)
            ? layout
            : throw source.Fault("A colour mask is empty, or its bits are not adjacent.");
    }

    private static uint Mask(ReadOnlySpan<byte> masks, int index) =>
        BinaryPrimitives.ReadUInt32LittleEndian(masks[(4 * index)..]);

    /// <summary>Pixels as RGB, <c>[H, W, 3]</c>, top row first.</summary>
    /// <param name="header">Size and depth.</param>
    /// <param name="rows">All stored rows.</param>
    public byte[] Unpack(BmpHeader header, ReadOnlySpan<byte> rows)
    {
        var pixels = new byte[3 * header.Width * header.Height];
        var target = pixels.AsSpan();
        for (var y = 0; y < header.Height; y++)
        {
            var row = rows[(int)(header.RowSizeInBytes * (header.TopDown ? y : header.Height - 1 - y))..];
            for (var x = 0; x < header.Width; x++, target = target[3..])
            {
                Unpack(Pixel(row[(x * header.Depth / 8)..], header.Depth), target);
            }
        }
        return pixels;
    }

    private static uint Pixel(ReadOnlySpan<byte> bytes, int depth) =>
        depth switch
        {
            16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            24 => bytes[0] | (uint)bytes[1] << 8 | (uint)bytes[2] << 16,
            _ => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        };

    private void Unpack(uint pixel, Span<byte> rgb)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            rgb[i] = fields[i].Extract(pixel);
        }
    }

    private readonly struct Field(uint mask)
    {
        private readonly int shift = BitOperations.TrailingZeroCount(mask);
        private readonly uint largest = mask == 0 ? 0 : mask >> BitOperations.TrailingZeroCount(mask);

        public bool IsContiguous => largest != 0 && (largest & (largest + 1)) == 0;

        public byte Extract(uint pixel) => (byte)((ulong)(pixel >> shift & largest) * 255 / largest);
    }
}
