namespace ILGpuMobileNet.Host.Images;

/// <summary>A canonical Huffman code (ITU-T T.81, annex C): short codes by table, long ones by comparing.</summary>
internal sealed class JpegHuffmanTable
{
    public const int LongestCode = 16;
    private const int LookupBits = 9;

    private readonly byte[] symbols;

    // Length and symbol of every code of at most LookupBits bits; length 0 for longer ones.
    private readonly (byte Length, byte Symbol)[] lookup = new (byte, byte)[1 << LookupBits];

    // For each length: the code after the last one, aligned to 16 bits, and what to add to a code to index symbols.
    private readonly int[] limits = new int[LongestCode + 1];
    private readonly int[] offsets = new int[LongestCode + 1];

    /// <summary>Builds the code.</summary>
    /// <param name="counts">Codes of 1 to 16 bits, 16 numbers.</param>
    /// <param name="symbols">Their meanings in order of the codes.</param>
    /// <param name="fault">Makes the exception for numbers that are no prefix code.</param>
    public JpegHuffmanTable(
        ReadOnlySpan<byte> counts,
        ReadOnlySpan<byte> symbols,
        Func<string, ImageFormatException> fault
    )
    {
        this.symbols = symbols.ToArray();
        for (int length = 1, code = 0, index = 0; length <= LongestCode; length++, code <<= 1)
        {
            offsets[length] = index - code;
            for (var end = index + counts[length - 1]; index < end; index++, code++)
            {
                FillLookup(code, length, symbols[index]);
            }
            limits[length] = code << (LongestCode - length);
            if (code > 1 << length)
            {
                throw fault($"A Huffman table has more codes of {length} bits than there can be.");
            }
        }
    }

    private void FillLookup(int code, int length, byte symbol)
    {
        if (length > LookupBits || code >= 1 << length)
        {
            return;
        }
        var shift = LookupBits - length;
        lookup.AsSpan(code << shift, 1 << shift).Fill(((byte)length, symbol));
    }

    /// <summary>Finds the code at the start of 16 bits.</summary>
    /// <param name="bits">The next 16 bits.</param>
    /// <param name="symbol">Its meaning.</param>
    /// <returns>Its length; 0 if no code starts so.</returns>
    public int Find(int bits, out byte symbol)
    {
        var (length, known) = lookup[bits >> (LongestCode - LookupBits)];
        symbol = known;
        return length != 0 ? length : FindLong(bits, out symbol);
    }

    private int FindLong(int bits, out byte symbol)
    {
        for (var length = LookupBits + 1; length <= LongestCode; length++)
        {
            if (bits < limits[length])
            {
                symbol = symbols[offsets[length] + (bits >> (LongestCode - length))];
                return length;
            }
        }
        symbol = 0;
        return 0;
    }
}
