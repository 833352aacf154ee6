namespace ILGpuMobileNet.Host.Images;

/// <summary>Reads the entropy-coded bits of a JPEG scan, up to the next marker.</summary>
internal ref struct JpegBitReader
{
    private readonly ImageSource source;
    private readonly ReadOnlySpan<byte> bytes;
    private ulong buffer;
    private int bitCount;

    // Bits appended after the last real one, so that a short code at the end can be looked up.
    private int paddingCount;

    /// <summary>Starts at a byte.</summary>
    /// <param name="source">The file.</param>
    /// <param name="position">Index of the first byte of the scan's data.</param>
    public JpegBitReader(ImageSource source, int position)
    {
        this.source = source;
        bytes = source.Bytes.Span;
        Position = position;
    }

    /// <summary>Index of the next byte that was not taken into the buffer.</summary>
    public int Position { get; private set; }

    /// <summary>Reads a Huffman code.</summary>
    /// <exception cref="ImageFormatException">The data end, or no code of the table matches.</exception>
    public byte ReadSymbol(JpegHuffmanTable table)
    {
        var length = table.Find(Peek(JpegHuffmanTable.LongestCode), out var symbol);
        if (length == 0)
        {
            throw source.Fault("The image data contain a code that is not in their Huffman table.");
        }
        Drop(length);
        return symbol;
    }

    /// <summary>Reads an unsigned number.</summary>
    /// <param name="count">Bits, 0 to 16.</param>
    public int ReadBits(int count)
    {
        var value = Peek(count);
        Drop(count);
        return value;
    }

    /// <summary>Reads a signed number: those that start with a 0 bit are negative (T.81, figure F.12).</summary>
    /// <param name="count">Bits, 0 to 16.</param>
    public int ReadSigned(int count)
    {
        var value = ReadBits(count);
        return count == 0 || value >= 1 << (count - 1) ? value : value - (1 << count) + 1;
    }

    /// <summary>Drops bits up to the next marker, which must be the expected restart.</summary>
    /// <param name="number">0 to 7.</param>
    public void Restart(int number)
    {
        (buffer, bitCount, paddingCount) = (0, 0, 0);
        var marker = JpegMarkers.FindNext(source, Position);
        if (bytes[marker] != JpegMarkers.Restart0 + number)
        {
            throw source.Fault(
                $"Restart marker {number} is missing: the marker 0xFF{bytes[marker]:X2} is in its place."
            );
        }
        Position = marker + 1;
    }

    private int Peek(int count)
    {
        if (bitCount < count)
        {
            Fill();
        }
        return (int)(buffer >> (bitCount - count)) & ((1 << count) - 1);
    }

    private void Drop(int count)
    {
        bitCount -= count;
        if (bitCount < paddingCount)
        {
            throw source.Fault($"The image is truncated: its data end at byte {Position}, before the last pixel.");
        }
    }

    private void Fill()
    {
        while (bitCount <= 48)
        {
            buffer = buffer << 8 | NextByte();
            bitCount += 8;
        }
    }

    private byte NextByte()
    {
        if (Position < bytes.Length && bytes[Position] != 0xFF)
        {
            return bytes[Position++];
        }
        // A 0xFF of the data is followed by a 0; anything else is a marker and ends the data.
        if (Position + 1 < bytes.Length && bytes[Position + 1] == 0)
        {
            Position += 2;
            return 0xFF;
        }
        paddingCount += 8;
        return 0;
    }
}
