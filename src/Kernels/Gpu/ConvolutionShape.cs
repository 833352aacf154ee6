namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>A <see cref="ConvolutionCase"/> as kernels take it.</summary>
/// <param name="convolution">The case.</param>
internal readonly struct ConvolutionShape(ConvolutionCase convolution)
{
    public readonly int InputHeight = convolution.Input.Height;
    public readonly int InputWidth = convolution.Input.Width;
    public readonly int InputChannels = convolution.Input.Channels;
    public readonly int InputStride = convolution.InputStride;
    public readonly int OutputHeight = convolution.Output.Height;
    public readonly int OutputWidth = convolution.Output.Width;
    public readonly int OutputQuads = Float4.CountFor(convolution.Output.Channels);
    public readonly int KernelHeight = convolution.Window.Kernel.Height;
    public readonly int KernelWidth = convolution.Window.Kernel.Width;
    public readonly int StrideHeight = convolution.Window.Stride.Height;
    public readonly int StrideWidth = convolution.Window.Stride.Width;
    public readonly int DilationHeight = convolution.Window.Dilation.Height;
    public readonly int DilationWidth = convolution.Window.Dilation.Width;
    public readonly int Top = convolution.Window.Padding.Top;
    public readonly int Left = convolution.Window.Padding.Left;

    /// <summary>The input row under a tap; it may be outside.</summary>
    /// <param name="y">Output row.</param>
    /// <param name="ky">Row of the tap.</param>
    public int Row(int y, int ky) => y * StrideHeight - Top + ky * DilationHeight;

    /// <summary>The input column under a tap; it may be outside.</summary>
    /// <param name="x">Output column.</param>
    /// <param name="kx">Column of the tap.</param>
    public int Column(int x, int kx) => x * StrideWidth - Left + kx * DilationWidth;

    /// <summary>Whether a row is inside the input.</summary>
    public bool HasRow(int row) => row >= 0 && row < InputHeight;

    /// <summary>Whether a column is inside the input.</summary>
    public bool HasColumn(int column) => column >= 0 && column < InputWidth;
}
