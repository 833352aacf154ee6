namespace ILGpuMobileNet.Kernels;

/// <summary>How pixels between pixels are computed.</summary>
public enum Interpolation
{
    /// <summary>Straight lines between neighbours (triangle filter).</summary>
    Bilinear,

    /// <summary>Keys' cubic convolution: a = -0.5 antialiased, as in Pillow; a = -0.75 plain, as in OpenCV.</summary>
    Bicubic,

    /// <summary>The pixel that the centre falls on, as Pillow's NEAREST and Keras' <c>load_img</c>; antialiasing has no effect.</summary>
    Nearest,
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

/// <summary>The filter of a resize.</summary>
/// <param name="Interpolation">Shape of the filter.</param>
/// <param name="Antialias">
/// True: the filter widens with the reduction, as in Pillow's <c>Image.resize</c>. False: it always reads the nearest two
/// or four pixels, as OpenCV's INTER_LINEAR and INTER_CUBIC do.
/// </param>
public readonly record struct ResizeFilter(Interpolation Interpolation, bool Antialias);

/// <summary>One direction of a resize: the source becomes <c>Resized</c> pixels, of which a window is wanted.</summary>
/// <param name="Source">Pixels of the source, at least 1.</param>
/// <param name="Resized">Pixels after resizing, at least 1; only those of the window are computed.</param>
/// <param name="Offset">First pixel of the window, 0 or more.</param>
/// <param name="Length">Pixels of the output; those after the last resized one are zero.</param>
public readonly record struct ResizeAxis(int Source, long Resized, long Offset, int Length)
{
    /// <summary>Pixels of the output that come from the source.</summary>
    public int FilledLength => (int)Math.Min(Length, Resized - Offset);
}

/// <summary>Both directions of a resize.</summary>
/// <param name="Vertical">Rows.</param>
/// <param name="Horizontal">Columns.</param>
public readonly record struct ResizeGeometry(ResizeAxis Vertical, ResizeAxis Horizontal);

/// <summary>Turns bytes into a network's numbers: <c>y = x · Scale + Shift</c>, for each colour.</summary>
/// <param name="Scale">Factors.</param>
/// <param name="Shift">Summands.</param>
/// <param name="Order">Order of the colours in the output.</param>
public readonly record struct PixelNormalization(ColourValues Scale, ColourValues Shift, ChannelOrder Order);
