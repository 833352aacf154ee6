namespace ILGpuMobileNet.Host.Images;

/// <summary>How the samples of a PNG are to be read (its numbers in the IHDR chunk).</summary>
internal enum PngColour
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    RgbAlpha = 6,
}
