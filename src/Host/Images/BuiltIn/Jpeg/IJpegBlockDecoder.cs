namespace ILGpuMobileNet.Host.Images;

/// <summary>Decodes the codes of one block.</summary>
internal interface IJpegBlockDecoder
{
    /// <summary>Decodes a block.</summary>
    /// <param name="bits">Stands at its first code.</param>
    /// <param name="channel">Channel and tables.</param>
    /// <param name="row">Row of blocks.</param>
    /// <param name="column">Block in the row.</param>
    void Decode(ref JpegBitReader bits, JpegScanComponent channel, int row, int column);

    /// <summary>Forgets what blocks before told about those after.</summary>
    void Restart();
}
