namespace ILGpuMobileNet.Host.Images;

/// <summary>Blocks of a progressive image: every scan adds coefficients, or a bit to them (T.81, annex G).</summary>
/// <param name="source">The file.</param>
/// <param name="selection">What the scan adds.</param>
internal sealed class JpegProgressiveBlocks(ImageSource source, JpegSelection selection) : IJpegBlockDecoder
{
    // Blocks, from this one on, in which no further coefficient becomes other than zero.
    private int emptyBlockCount;

    /// <inheritdoc/>
    public void Decode(ref JpegBitReader bits, JpegScanComponent channel, int row, int column)
    {
        var index = (row * channel.Component.Stride + column) * JpegComponent.BlockSize;
        var block = channel.Component.Coefficients.AsSpan(index, JpegComponent.BlockSize);
        switch (selection)
        {
            case { First: 0, Refines: false }:
                channel.Prediction += bits.ReadSigned(bits.ReadSymbol(channel.Dc!));
                block[0] = (short)(channel.Prediction << selection.Low);
                break;
            case { First: 0 }:
                block[0] |= (short)(bits.ReadBits(1) << selection.Low);
                break;
            case { Refines: false }:
                DecodeFirst(ref bits, channel.Ac!, block);
                break;
            default:
                Refine(ref bits, channel.Ac!, block);
                break;
        }
    }

    /// <inheritdoc/>
    public void Restart() => emptyBlockCount = 0;

    private void DecodeFirst(ref JpegBitReader bits, JpegHuffmanTable table, Span<short> block)
    {
        if (emptyBlockCount > 0)
        {
            emptyBlockCount--;
            return;
        }
        for (var index = selection.First; index <= selection.Last; index++)
        {
            var symbol = bits.ReadSymbol(table);
            var (run, size) = (symbol >> 4, symbol & 15);
            if (size == 0 && run < 15)
            {
                emptyBlockCount = EmptyBlockCount(ref bits, run) - 1;
                return;
            }
            index += run;
            var value = bits.ReadSigned(size);
            block[Zigzag.Position(source, index)] = (short)(value << selection.Low);
        }
    }

    private static int EmptyBlockCount(ref JpegBitReader bits, int run) => (1 << run) + bits.ReadBits(run);

    private void Refine(ref JpegBitReader bits, JpegHuffmanTable table, Span<short> block)
    {
        var index = selection.First;
        while (emptyBlockCount == 0 && index <= selection.Last)
        {
            var symbol = bits.ReadSymbol(table);
            var (run, size) = (symbol >> 4, symbol & 15);
            if (size == 0 && run < 15)
            {
                emptyBlockCount = EmptyBlockCount(ref bits, run);
                break;
            }
            var value = size == 0 ? (short)0 : NewValue(ref bits);
            index = RefineRun(ref bits, block, index, run);
            if (value != 0)
            {
                block[Zigzag.Position(source, index)] = value;
            }
            index++;
        }
        if (emptyBlockCount > 0)
        {
            RefineRun(ref bits, block, index, JpegComponent.BlockSize);
            emptyBlockCount--;
        }
    }

    private short NewValue(ref JpegBitReader bits) =>
        (short)(bits.ReadBits(1) == 1 ? 1 << selection.Low : -1 << selection.Low);

    /// <summary>Refines the coefficients up to the zero after a number of zeros, and returns where that is.</summary>
    private int RefineRun(ref JpegBitReader bits, Span<short> block, int index, int zeroCount)
    {
        for (; index <= selection.Last; index++)
        {
            ref var coefficient = ref block[Zigzag.Natural[index]];
            if (coefficient == 0)
            {
                if (zeroCount-- == 0)
                {
                    break;
                }
            }
            else if (bits.ReadBits(1) == 1 && (coefficient >> selection.Low & 1) == 0)
            {
                coefficient += (short)(coefficient > 0 ? 1 << selection.Low : -1 << selection.Low);
            }
        }
        return index;
    }
}
