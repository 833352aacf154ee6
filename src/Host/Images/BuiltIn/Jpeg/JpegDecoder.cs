namespace ILGpuMobileNet.Host.Images;

/// <summary>
/// Decodes JPEG (ITU-T T.81) of 8 bits, baseline and progressive, with Huffman codes: grey, YCbCr, RGB, CMYK and YCCK.
/// </summary>
/// <param name="source">The file.</param>
internal sealed class JpegDecoder(ImageSource source)
{
    // Real encoders write about ten; each costs a walk over the whole image.
    private const int LargestScanCount = 500;

    private readonly ByteReader reader = new(source);
    private readonly JpegTables tables = new(source);
    private readonly JpegColourHints hints = new();
    private JpegFrame? frame;
    private int restartInterval;
    private int orientation = 1;
    private int scanCount;

    /// <summary>Decodes the file.</summary>
    /// <exception cref="ImageFormatException">The file is not a complete, valid JPEG.</exception>
    public RgbImage Decode()
    {
        reader.Seek(2, "the start of the image");
        while (ReadSegment()) { }
        if (frame is null || Array.Exists(frame.Components, component => component.Quantization is null))
        {
            throw source.Fault("The file has no pixels for every channel before its end-of-image marker.");
        }
        ReconstructProgressive(frame);
        return ExifOrientation.Apply(JpegColours.ToRgb(frame, hints.Choose(frame)), orientation);
    }

    /// <summary>Reads a marker with its segment; false at the end of the image.</summary>
    private bool ReadSegment()
    {
        var at = JpegMarkers.FindNext(source, reader.Position);
        var marker = source.Bytes.Span[at];
        reader.Seek(at + 1, "a segment");
        if (marker == JpegMarkers.EndOfImage)
        {
            return false;
        }
        if (marker is not (>= JpegMarkers.Restart0 and <= JpegMarkers.Restart7))
        {
            ReadSegment(marker, ReadContent(marker));
        }
        return true;
    }

    private ReadOnlyMemory<byte> ReadContent(byte marker)
    {
        var length = reader.ReadUInt16BigEndian("a segment");
        return length >= 2
            ? reader.Read(length - 2, $"a segment 0xFF{marker:X2} of {length} bytes")
            : throw source.Fault($"A segment 0xFF{marker:X2} declares {length} bytes, at least 2 are needed.");
    }

    private void ReadSegment(byte marker, ReadOnlyMemory<byte> content)
    {
        switch (marker)
        {
            case JpegMarkers.QuantizationTables:
                tables.ReadQuantization(content);
                break;
            case JpegMarkers.HuffmanTables:
                tables.ReadHuffman(content);
                break;
            case JpegMarkers.RestartInterval:
                restartInterval = new ByteReader(source with { Bytes = content }).ReadUInt16BigEndian(
                    "the restart interval"
                );
                break;
            case JpegMarkers.StartOfScan:
                ReadScan(content);
                break;
            case JpegMarkers.Exif when content.Span.StartsWith("Exif\0\0"u8):
                orientation = ExifOrientation.Parse(content.Span[6..]);
                break;
            case JpegMarkers.Jfif or JpegMarkers.Adobe:
                hints.Read(marker, content.Span);
                break;
            case var other when JpegMarkers.IsFrame(other):
                frame = ReadFrame(other, content);
                break;
        }
    }

    private JpegFrame ReadFrame(byte marker, ReadOnlyMemory<byte> content)
    {
        if (frame is not null)
        {
            throw source.Fault("The file has a second frame header.");
        }
        return marker is JpegMarkers.BaselineFrame or JpegMarkers.ExtendedFrame or JpegMarkers.ProgressiveFrame
            ? JpegFrame.Parse(source, marker, content)
            : throw source.Fault(
                $"The JPEG is lossless, hierarchical or arithmetic coded (frame 0xFF{marker:X2}), which is not supported.",
                "Save it as baseline or progressive JPEG."
            );
    }

    private void ReadScan(ReadOnlyMemory<byte> content)
    {
        var current = frame ?? throw source.Fault("A scan comes before the frame header.");
        if (++scanCount > LargestScanCount)
        {
            throw source.Fault($"The file has more than {LargestScanCount} scans.");
        }
        var (components, selection) = JpegScanHeader.Parse(source, current, tables, content);
        IJpegBlockDecoder decoder = current.Progressive
            ? new JpegProgressiveBlocks(source, selection)
            : new JpegSequentialBlocks(source);
        var end = new JpegScan(source, current, components, restartInterval).Decode(reader.Position, decoder);
        reader.Seek(end, "a scan");
    }

    private static void ReconstructProgressive(JpegFrame frame)
    {
        foreach (var component in frame.Components.Where(_ => frame.Progressive))
        {
            for (var block = 0; block < component.BlockCount; block++)
            {
                var coefficients = component.Coefficients.AsSpan(
                    block * JpegComponent.BlockSize,
                    JpegComponent.BlockSize
                );
                component.Reconstruct(coefficients, block / component.Stride, block % component.Stride);
            }
        }
    }
}
