namespace ILGpuMobileNet.Host.Images;

/// <summary>Walks over the blocks of a scan.</summary>
/// <param name="source">The file.</param>
/// <param name="frame">The frame the scan belongs to.</param>
/// <param name="components">Channels of the scan.</param>
/// <param name="restartInterval">Units between two restarts; 0 for none.</param>
internal sealed class JpegScan(ImageSource source, JpegFrame frame, JpegScanComponent[] components, int restartInterval)
{
    /// <summary>Decodes the scan.</summary>
    /// <param name="position">Index of the first byte of its data.</param>
    /// <param name="decoder">What is done with a block.</param>
    /// <returns>Index of a byte after its last code.</returns>
    /// <exception cref="ImageFormatException">The data are damaged or truncated.</exception>
    public int Decode(int position, IJpegBlockDecoder decoder)
    {
        var bits = new JpegBitReader(source, position);
        var (rowCount, columnCount) = UnitCounts();
        var unit = 0;
        for (var y = 0; y < rowCount; y++)
        {
            for (var x = 0; x < columnCount; x++, unit++)
            {
                RestartIfDue(ref bits, unit, decoder);
                DecodeUnit(ref bits, y, x, decoder);
            }
        }
        return bits.Position;
    }

    /// <summary>A scan of one channel has its blocks as units, and only those within the picture.</summary>
    private (int Rows, int Columns) UnitCounts() =>
        components is [var single]
            ? (single.Component.HeightInBlocks, single.Component.WidthInBlocks)
            : (frame.UnitRowCount, frame.UnitColumnCount);

    private void RestartIfDue(ref JpegBitReader bits, int unit, IJpegBlockDecoder decoder)
    {
        if (restartInterval == 0 || unit == 0 || unit % restartInterval != 0)
        {
            return;
        }
        bits.Restart((unit / restartInterval - 1) % 8);
        decoder.Restart();
        foreach (var component in components)
        {
            component.Prediction = 0;
        }
    }

    private void DecodeUnit(ref JpegBitReader bits, int y, int x, IJpegBlockDecoder decoder)
    {
        if (components is [var single])
        {
            decoder.Decode(ref bits, single, y, x);
            return;
        }
        foreach (var component in components)
        {
            var (rows, columns) = (component.Component.VerticalSampling, component.Component.HorizontalSampling);
            for (var i = 0; i < rows * columns; i++)
            {
                decoder.Decode(ref bits, component, y * rows + i / columns, x * columns + i % columns);
            }
        }
    }
}
