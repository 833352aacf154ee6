namespace ILGpuMobileNet.Host.Images;

/// <summary>The marker codes of JPEG (ITU-T T.81, table B.1) that the decoder acts on.</summary>
internal static class JpegMarkers
{
    public const byte BaselineFrame = 0xC0;
    public const byte ExtendedFrame = 0xC1;
    public const byte ProgressiveFrame = 0xC2;
    public const byte HuffmanTables = 0xC4;
    public const byte Restart0 = 0xD0;
    public const byte Restart7 = 0xD7;
    public const byte EndOfImage = 0xD9;
    public const byte StartOfScan = 0xDA;
    public const byte QuantizationTables = 0xDB;
    public const byte RestartInterval = 0xDD;
    public const byte Jfif = 0xE0;
    public const byte Exif = 0xE1;
    public const byte Adobe = 0xEE;

    /// <summary>True for every start of frame: 0xC0 to 0xCF without the three that are something else.</summary>
    public static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (HuffmanTables or 0xC8 or 0xCC);

    /// <summary>Index of the second byte of the next marker; bytes before it are skipped.</summary>
    /// <exception cref="ImageFormatException">There is none.</exception>
    public static int FindNext(ImageSource source, int position)
    {
        var bytes = source.Bytes.Span;
        for (; position + 1 < bytes.Length; position++)
        {
            // 0xFF00 is a byte of data, and any number of 0xFF may precede a marker.
            if (bytes[position] == 0xFF && bytes[position + 1] is not (0 or 0xFF))
            {
                return position + 1;
            }
        }
        throw source.Truncated("the image data: there is no end-of-image marker");
    }
}
