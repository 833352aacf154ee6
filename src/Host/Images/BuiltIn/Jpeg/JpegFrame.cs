namespace ILGpuMobileNet.Host.Images;

/// <summary>The frame header of a JPEG.</summary>
internal sealed class JpegFrame
{
    public required int Width { get; init; }
    public required int Height { get; init; }
    public required bool Progressive { get; init; }
    public required JpegComponent[] Components { get; init; }

    public int LargestHorizontalSampling => Components.Max(component => component.HorizontalSampling);
    public int LargestVerticalSampling => Components.Max(component => component.VerticalSampling);

    /// <summary>Units (MCU) of a row.</summary>
    public int UnitColumnCount => DivideUp(Width, JpegComponent.BlockSide * LargestHorizontalSampling);

    /// <summary>Rows of units (MCU).</summary>
    public int UnitRowCount => DivideUp(Height, JpegComponent.BlockSide * LargestVerticalSampling);

    /// <summary>Reads a frame header, and takes memory for the pixels.</summary>
    /// <param name="source">The file.</param>
    /// <param name="marker">Start of frame: baseline, extended or progressive.</param>
    /// <param name="segment">The segment's content.</param>
    /// <exception cref="ImageFormatException">The header is not valid, not supported, or the image too large.</exception>
    public static JpegFrame Parse(ImageSource source, byte marker, ReadOnlyMemory<byte> segment)
    {
        var reader = new ByteReader(source with { Bytes = segment });
        var depth = reader.ReadByte("the frame header");
        var (height, width) = (
            reader.ReadUInt16BigEndian("the frame header"),
            reader.ReadUInt16BigEndian("the frame header")
        );
        source.CheckSize(width, height);
        var count = reader.ReadByte("the frame header");
        if (depth != 8 || count is not (1 or 3 or 4) || reader.Remaining != 3 * count)
        {
            throw source.Fault(
                $"The JPEG has {count} channels of {depth} bits in {reader.Remaining} bytes; read are 1, 3 or 4 of 8 bits, 3 bytes for each.",
                "Save it as an 8-bit grey or colour JPEG."
            );
        }
        var components = Enumerable.Range(0, count).Select(_ => ParseComponent(source, reader)).ToArray();
        var progressive = marker == JpegMarkers.ProgressiveFrame;
        var frame = new JpegFrame
        {
            Width = width,
            Height = height,
            Progressive = progressive,
            Components = components,
        };
        frame.Allocate(source);
        return frame;
    }

    private static JpegComponent ParseComponent(ImageSource source, ByteReader reader)
    {
        var id = reader.ReadByte("the frame header");
        var sampling = reader.ReadByte("the frame header");
        var (horizontal, vertical, table) = (sampling >> 4, sampling & 15, reader.ReadByte("the frame header"));
        return horizontal is >= 1 and <= 4 && vertical is >= 1 and <= 4 && table <= 3
            ? new()
            {
                Id = id,
                HorizontalSampling = horizontal,
                VerticalSampling = vertical,
                QuantizationIndex = table,
            }
            : throw source.Fault($"A channel is sampled {horizontal}x{vertical} with quantization table {table}.");
    }

    private void Allocate(ImageSource source)
    {
        var (horizontal, vertical) = (LargestHorizontalSampling, LargestVerticalSampling);
        if (Components.Any(c => horizontal % c.HorizontalSampling != 0 || vertical % c.VerticalSampling != 0))
        {
            throw source.Fault(
                "A channel is enlarged by a factor that is no whole number, which is not supported.",
                "Save the image with 4:4:4, 4:2:2 or 4:2:0 subsampling."
            );
        }
        Array.ForEach(Components, component => component.Place(this));
        // The first coefficient of a block takes at least one bit.
        source.CheckCapacity(Components.Sum(c => (long)c.WidthInBlocks * c.HeightInBlocks) / 8, source.Bytes.Length);
        Array.ForEach(Components, component => component.Allocate(Progressive));
    }

    private static int DivideUp(int value, int divisor) => (value + divisor - 1) / divisor;
}
