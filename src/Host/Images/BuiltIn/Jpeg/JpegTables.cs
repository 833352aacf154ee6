namespace ILGpuMobileNet.Host.Images;

/// <summary>The tables that a JPEG has defined so far; a later definition replaces an earlier one.</summary>
/// <param name="source">The file.</param>
internal sealed class JpegTables(ImageSource source)
{
    private const int Count = 4;
    private const int LargestDcSize = 15;

    private readonly ushort[]?[] quantization = new ushort[]?[Count];
    private readonly JpegHuffmanTable?[] dc = new JpegHuffmanTable?[Count];
    private readonly JpegHuffmanTable?[] ac = new JpegHuffmanTable?[Count];

    /// <summary>A quantization table in natural order.</summary>
    /// <exception cref="ImageFormatException">The file has not defined it.</exception>
    public ushort[] Quantization(int index) => quantization[index] ?? throw Missing("quantization", index);

    /// <summary>A Huffman table for first coefficients; null if the file has not defined it.</summary>
    public JpegHuffmanTable? Dc(int index) => dc[index & (Count - 1)];

    /// <summary>A Huffman table for the other coefficients; null if the file has not defined it.</summary>
    public JpegHuffmanTable? Ac(int index) => ac[index & (Count - 1)];

    /// <summary>The exception for a table that is referred to but not there.</summary>
    public ImageFormatException Missing(string kind, int index) =>
        source.Fault($"The image uses {kind} table {index}, which the file does not define.");

    /// <summary>Reads a DQT segment.</summary>
    /// <exception cref="ImageFormatException">The segment is not valid.</exception>
    public void ReadQuantization(ReadOnlyMemory<byte> segment)
    {
        var reader = new ByteReader(source with { Bytes = segment });
        while (reader.Remaining > 0)
        {
            var (precision, index) = Split(reader.ReadByte("a quantization table"), "quantization");
            var table = new ushort[JpegComponent.BlockSize];
            foreach (var position in Zigzag.Natural)
            {
                table[position] =
                    precision == 0
                        ? reader.ReadByte("a quantization table")
                        : reader.ReadUInt16BigEndian("a quantization table");
            }
            quantization[index] = table;
        }
    }

    /// <summary>Reads a DHT segment.</summary>
    /// <exception cref="ImageFormatException">The segment is not valid.</exception>
    public void ReadHuffman(ReadOnlyMemory<byte> segment)
    {
        var reader = new ByteReader(source with { Bytes = segment });
        while (reader.Remaining > 0)
        {
            var (kind, index) = Split(reader.ReadByte("a Huffman table"), "Huffman");
            var counts = reader.Read(JpegHuffmanTable.LongestCode, "a Huffman table").Span;
            var symbols = reader.Read(Sum(counts), "a Huffman table").Span;
            if (
                symbols.Length > 256
                || kind == 0 && symbols.ContainsAnyInRange((byte)(LargestDcSize + 1), byte.MaxValue)
            )
            {
                throw source.Fault("A Huffman table has more than 256 symbols, or one that is not allowed.");
            }
            (kind == 0 ? dc : ac)[index] = new(counts, symbols, fault => source.Fault(fault));
        }
    }

    private (int Kind, int Index) Split(byte value, string table) =>
        value >> 4 <= 1 && (value & 15) < Count
            ? (value >> 4, value & 15)
            : throw source.Fault($"A {table} table is numbered 0x{value:X2}, allowed are 0 to 3 in two kinds.");

    private static int Sum(ReadOnlySpan<byte> counts)
    {
        var sum = 0;
        foreach (var count in counts)
        {
            sum += count;
        }
        return sum;
    }
}
