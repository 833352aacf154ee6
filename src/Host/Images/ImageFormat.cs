namespace ILGpuMobileNet.Host.Images;

/// <summary>The formats that are read.</summary>
internal enum ImageFormat
{
    Unknown,
    Png,
    Jpeg,
    Bmp,
    Pnm,
}
