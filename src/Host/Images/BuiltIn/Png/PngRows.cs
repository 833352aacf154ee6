using System.Buffers.Binary;

namespace ILGpuMobileNet.Host.Images;

/// <summary>Turns inflated PNG data into pixels, row by row.</summary>
/// <param name="source">The file.</param>
/// <param name="header">The IHDR chunk.</param>
/// <param name="palette">Colours <c>[count, 3]</c>, used by <see cref="PngColour.Palette"/> only.</param>
internal sealed class PngRows(ImageSource source, PngHeader header, ReadOnlyMemory<byte> palette)
{
    private readonly byte[] pixels = new byte[3 * header.Width * header.Height];
    private readonly byte[] scratch = new byte[3];
    private byte[] row = new byte[header.RowSizeInBytes(header.Width)];
    private byte[] above = new byte[header.RowSizeInBytes(header.Width)];

    /// <summary>Reads exactly the bytes that the header declares.</summary>
    /// <exception cref="EndOfStreamException">There are fewer.</exception>
    public RgbImage Read(Stream inflated)
    {
        foreach (var pass in header.Passes())
        {
            ReadPass(inflated, pass);
        }
        // One more read lets the stream check its checksum.
        _ = inflated.ReadByte();
        return new(header.Width, header.Height, pixels);
    }

    private void ReadPass(Stream inflated, PngPass pass)
    {
        var columnCount = pass.ColumnCount(header.Width);
        if (columnCount <= 0)
        {
            return;
        }
        var length = header.RowSizeInBytes(columnCount);
        above.AsSpan().Clear();
        for (var index = 0; index < pass.RowCount(header.Height); index++)
        {
            var filter = inflated.ReadByte();
            inflated.ReadExactly(row, 0, length);
            if (!PngFilter.TryUndo(filter, row.AsSpan(0, length), above, header.FilterDistance))
            {
                throw source.Fault($"A row is stored with filter {filter}, PNG has filters 0 to 4.");
            }
            Spread(pass, pass.Y + index * pass.StepY, columnCount);
            (row, above) = (above, row);
        }
    }

    private void Spread(PngPass pass, int y, int columnCount)
    {
        var target = pixels.AsSpan(3 * y * header.Width, 3 * header.Width);
        for (int column = 0, x = 3 * pass.X; column < columnCount; column++, x += 3 * pass.StepX)
        {
            Pixel(column).CopyTo(target[x..]);
        }
    }

    private ReadOnlySpan<byte> Pixel(int column)
    {
        var first = column * header.ChannelCount;
        switch (header.Colour)
        {
            case PngColour.Palette:
                return Colour(Sample(first));
            case PngColour.Rgb or PngColour.RgbAlpha:
                scratch[0] = HighByte(first);
                scratch[1] = HighByte(first + 1);
                scratch[2] = HighByte(first + 2);
                return scratch;
            default:
                scratch.AsSpan().Fill(HighByte(first));
                return scratch;
        }
    }

    private ReadOnlySpan<byte> Colour(int index) =>
        3 * index + 3 <= palette.Length
            ? palette.Span.Slice(3 * index, 3)
            : throw source.Fault($"A pixel has colour {index} of a palette with {palette.Length / 3}.");

    private byte HighByte(int sample) =>
        header.Depth switch
        {
            16 => (byte)(Sample(sample) >> 8),
            8 => row[sample],
            var depth => (byte)(Sample(sample) * 255 / ((1 << depth) - 1)),
        };

    private int Sample(int index)
    {
        if (header.Depth == 16)
        {
            return BinaryPrimitives.ReadUInt16BigEndian(row.AsSpan(2 * index));
        }
        var bit = index * header.Depth;
        return row[bit >> 3] >> (8 - header.Depth - (bit & 7)) & (1 << header.Depth) - 1;
    }
}
