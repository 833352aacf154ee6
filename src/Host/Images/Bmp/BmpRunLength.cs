namespace ILGpuMobileNet.Host.Images;

/// <summary>Decodes the run lengths of BMP (RLE8 and RLE4). Pixels that no run paints have colour 0.</summary>
/// <param name="source">The file.</param>
/// <param name="reader">Stands at the first run.</param>
/// <param name="header">Size and depth.</param>
internal sealed class BmpRunLength(ImageSource source, ByteReader reader, BmpHeader header)
{
    private const string What = "the run-length coded pixels";

    private readonly byte[] indices = new byte[header.Width * header.Height];
    private int x;
    private int y;

    /// <summary>Palette indices <c>[H, W]</c>, top row first.</summary>
    public byte[] Read()
    {
        while (ReadCode()) { }
        return indices;
    }

    /// <summary>Reads a run or an escape; false at the end of the bitmap.</summary>
    private bool ReadCode()
    {
        var count = reader.ReadByte(What);
        var code = reader.ReadByte(What);
        switch (count, code)
        {
            case (0, 0):
                (x, y) = (0, y + 1);
                break;
            case (0, 1):
                return false;
            case (0, 2):
                Skip(reader.ReadByte(What), reader.ReadByte(What));
                break;
            case (0, _):
                PaintLiteral(code);
                break;
            default:
                PaintRun(count, code);
                break;
        }
        return true;
    }

    private void Skip(int columns, int rows)
    {
        (x, y) = (x + columns, y + rows);
        if (x > header.Width || y > header.Height)
        {
            throw Outside();
        }
    }

    private void PaintRun(int count, byte value)
    {
        for (var i = 0; i < count; i++)
        {
            Paint(header.Depth == 8 ? value : Nibble(value, i));
        }
    }

    private void PaintLiteral(int count)
    {
        var sizeInBytes = (count * header.Depth + 7) / 8;
        // Literals are padded to an even number of bytes.
        var bytes = reader.Read(sizeInBytes + sizeInBytes % 2, What).Span;
        for (var i = 0; i < count; i++)
        {
            Paint(header.Depth == 8 ? bytes[i] : Nibble(bytes[i / 2], i));
        }
    }

    private static int Nibble(byte value, int index) => index % 2 == 0 ? value >> 4 : value & 15;

    private void Paint(int index)
    {
        if (x >= header.Width || y >= header.Height)
        {
            throw Outside();
        }
        indices[(header.Height - 1 - y) * header.Width + x++] = (byte)index;
    }

    private ImageFormatException Outside() =>
        source.Fault($"A run of pixels leaves the image of {header.Width}x{header.Height}.");
}
