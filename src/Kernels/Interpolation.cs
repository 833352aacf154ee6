namespace ILGpuMobileNet.Kernels;

/// <summary>How pixels between pixels are computed.</summary>
public enum Interpolation
{
    /// <summary>Straight lines between neighbours (triangle filter).</summary>
    Bilinear,

    /// <summary>Keys' cubic convolution: a = -0.5 antialiased, as in Pillow; a = -0.75 plain, as in OpenCV.</summary>
    Bicubic,
}

/// <summary>Order of the channels in a network's input.</summary>
public enum ChannelOrder
{
    /// <summary>Red first.</summary>
    Rgb,

    /// <summary>Blue first.</summary>
    Bgr,
}

/// <summary>A number for each colour.</summary>
/// <param name="Red">For red.</param>
/// <param name="Green">For green.</param>
/// <param name="Blue">For blue.</param>
public readonly record struct ColourValues(float Red, float Green, float Blue)
{
    /// <summary>The same number for every colour.</summary>
    /// <param name="value">The number.</param>
    public static ColourValues Same(float value) => new(value, value, value);
}
