namespace ILGpuMobileNet.Kernels;

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
