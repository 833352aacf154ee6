namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>What a convolution or pooling reads and writes.</summary>
/// <param name="Input">One input image.</param>
/// <param name="InputStride">Floats from one input pixel to the next: the padded channels, or fewer for packed images.</param>
/// <param name="Output">One output image.</param>
/// <param name="Window">Kernel, stride, dilation, padding.</param>
internal readonly record struct ConvolutionCase(FeatureShape Input, int InputStride, FeatureShape Output, Window Window)
{
    /// <summary>The case of an input in padded layout.</summary>
    public static ConvolutionCase Padded(FeatureShape input, int outputChannels, Window window, SimdWidth width)
    {
        var (outputHeight, outputWidth) = window.OutputExtent(input.Height, input.Width);
        return new(
            input,
            Simd.PaddedChannels(input.Channels, width),
            new(outputHeight, outputWidth, outputChannels),
            window
        );
    }
}
