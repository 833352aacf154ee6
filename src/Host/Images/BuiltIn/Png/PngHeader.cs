namespace ILGpuMobileNet.Host.Images;

/// <summary>The IHDR chunk.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Depth">Bits per sample: 1, 2, 4, 8 or 16.</param>
/// <param name="Colour">Meaning of the samples.</param>
/// <param name="Interlaced">True for Adam7.</param>
internal readonly record struct PngHeader(int Width, int Height, int Depth, PngColour Colour, bool Interlaced)
{
    /// <summary>Samples of a pixel.</summary>
    public int ChannelCount =>
        Colour switch
        {
            PngColour.Rgb => 3,
            PngColour.GreyAlpha => 2,
            PngColour.RgbAlpha => 4,
            _ => 1,
        };

    /// <summary>Distance to the same byte of the pixel on the left, for the row filters.</summary>
    public int FilterDistance => Math.Max(1, ChannelCount * Depth / 8);

    /// <summary>Bytes of a row of the given number of pixels, without the filter byte.</summary>
    public int RowSizeInBytes(int width) => checked((int)(((long)width * ChannelCount * Depth + 7) / 8));

    /// <summary>The parts in which rows are stored: one, or the seven of Adam7.</summary>
    public PngPass[] Passes() => Interlaced ? PngPass.Adam7 : [new(0, 0, 1, 1)];

    /// <summary>Reads and checks the chunk.</summary>
    /// <exception cref="ImageFormatException">A field is not allowed, or the image too large.</exception>
    public static PngHeader Parse(ImageSource source, ReadOnlyMemory<byte> data)
    {
        if (data.Length != 13)
        {
            throw source.Fault($"The IHDR chunk has {data.Length} bytes instead of 13.");
        }
        var reader = new ByteReader(source with { Bytes = data });
        var (width, height) = (reader.ReadUInt32BigEndian("IHDR"), reader.ReadUInt32BigEndian("IHDR"));
        source.CheckSize(width, height);
        var rest = data.Span[8..];
        var header = new PngHeader((int)width, (int)height, rest[0], (PngColour)rest[1], rest[4] == 1);
        var known = header.HasKnownDepth && rest[2] == 0 && rest[3] == 0 && rest[4] <= 1;
        return known
            ? header
            : throw source.Fault(
                $"The IHDR chunk has depth {rest[0]}, colour type {rest[1]}, compression {rest[2]}, filter {rest[3]}, interlace {rest[4]}, which PNG does not define."
            );
    }

    private bool HasKnownDepth =>
        Colour switch
        {
            PngColour.Grey => Depth is 1 or 2 or 4 or 8 or 16,
            PngColour.Palette => Depth is 1 or 2 or 4 or 8,
            PngColour.Rgb or PngColour.GreyAlpha or PngColour.RgbAlpha => Depth is 8 or 16,
            _ => false,
        };
}
