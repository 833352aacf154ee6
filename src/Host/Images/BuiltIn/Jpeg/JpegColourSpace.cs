namespace ILGpuMobileNet.Host.Images;

/// <summary>What the channels of a JPEG mean.</summary>
internal enum JpegColourSpace
{
    Grey,
    Rgb,
    YCbCr,
    Cmyk,
    Ycck,
}
