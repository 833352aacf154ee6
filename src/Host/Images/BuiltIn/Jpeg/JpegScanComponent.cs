namespace ILGpuMobileNet.Host.Images;

/// <summary>A channel of a scan with the tables that decode it.</summary>
internal sealed class JpegScanComponent(JpegComponent component, JpegHuffmanTable? dc, JpegHuffmanTable? ac)
{
    public JpegComponent Component => component;

    /// <summary>Table of the first coefficients; null if the file has not defined it.</summary>
    public JpegHuffmanTable? Dc => dc;

    /// <summary>Table of the other coefficients; null if the file has not defined it.</summary>
    public JpegHuffmanTable? Ac => ac;

    /// <summary>The first coefficient of the block before.</summary>
    public int Prediction { get; set; }
}
