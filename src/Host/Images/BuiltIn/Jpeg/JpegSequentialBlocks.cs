namespace ILGpuMobileNet.Host.Images;

/// <summary>Blocks of a baseline image: complete after one scan, so they become samples at once (T.81, F.2.2).</summary>
/// <param name="source">The file.</param>
internal sealed class JpegSequentialBlocks(ImageSource source) : IJpegBlockDecoder
{
    private readonly short[] block = new short[JpegComponent.BlockSize];

    /// <inheritdoc/>
    public void Decode(ref JpegBitReader bits, JpegScanComponent channel, int row, int column)
    {
        block.AsSpan().Clear();
        channel.Prediction += bits.ReadSigned(bits.ReadSymbol(channel.Dc!));
        block[0] = (short)channel.Prediction;
        for (var index = 1; index < block.Length; index++)
        {
            var symbol = bits.ReadSymbol(channel.Ac!);
            var (run, size) = (symbol >> 4, symbol & 15);
            if (size == 0 && run < 15)
            {
                break;
            }
            index += run;
            var value = bits.ReadSigned(size);
            block[Zigzag.Position(source, index)] = (short)value;
        }
        channel.Component.Reconstruct(block, row, column);
    }

    /// <inheritdoc/>
    public void Restart() { }
}
