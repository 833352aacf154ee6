namespace ILGpuMobileNet.Kernels;

/// <summary>What a convolution or pooling reads and writes.</summary>
/// <param name="Input">One input image.</param>
/// <param name="InputStride">Floats from one input pixel to the next: the padded channels, or fewer for packed images.</param>
/// <param name="Output">One output image.</param>
/// <param name="Window">Kernel, stride, dilation, padding.</param>
internal readonly record struct ConvolutionCase(FeatureShape Input, int InputStride, FeatureShape Output, Window Window)
{
    /// <summary>The case of an input image and a number of output channels.</summary>
    /// <param name="input">One input image.</param>
    /// <param name="inputStride">Floats from one input pixel to the next.</param>
    /// <param name="outputChannels">Channels produced.</param>
    /// <param name="window">Kernel, stride, dilation, padding.</param>
    public static ConvolutionCase Of(FeatureShape input, int inputStride, int outputChannels, Window window)
    {
        var (outputHeight, outputWidth) = window.OutputExtent(input.Height, input.Width);
        return new(input, inputStride, new(outputHeight, outputWidth, outputChannels), window);
    }

    /// <summary>Floats of an input row.</summary>
    public nint InputRowLength => (nint)Input.Width * InputStride;

    /// <summary>The input rows that some output rows see: from the first to before the last, at least one.</summary>
    /// <param name="first">First output row.</param>
    /// <param name="end">Output row after the last.</param>
    public (int First, int End) InputRows(int first, int end)
    {
        var reach = (Window.Kernel.Height - 1) * Window.Dilation.Height + 1;
        var start = first * Window.Stride.Height - Window.Padding.Top;
        var stop = (end - 1) * Window.Stride.Height - Window.Padding.Top + reach;
        return (Math.Clamp(start, 0, Input.Height - 1), Math.Clamp(stop, 1, Input.Height));
    }

    /// <summary>Kernel, stride, dilation where there is one, and shapes.</summary>
    public override string ToString()
    {
        var dilation = Window.Dilation == Extent.Square(1) ? "" : $" dilation {Window.Dilation}";
        return $"{Window.Kernel} stride {Window.Stride}{dilation}, {Input} to {Output}";
    }
}
