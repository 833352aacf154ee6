using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>Two groups of four output channels.</summary>
/// <param name="first">Index of the first within a pixel.</param>
/// <param name="second">Index of the second.</param>
internal readonly struct QuadPair(int first, int second)
{
    public readonly int First = first;
    public readonly int Second = second;
}

/// <summary>Sums of four neighbouring pixels for two groups of four output channels.</summary>
/// <param name="first">The first channels.</param>
/// <param name="second">The second.</param>
internal readonly struct StripPair(Strip first, Strip second)
{
    public readonly Strip First = first;
    public readonly Strip Second = second;
}

/// <summary>Indices of the four input pixels under a tap of a strip's outputs; negative outside the input.</summary>
/// <param name="convolution">Shapes.</param>
/// <param name="line">Row of the batch, <c>[N, H]</c>.</param>
/// <param name="column">Column of the first.</param>
internal readonly struct StripPixels(ConvolutionShape convolution, int line, int column)
{
    public readonly int A = IndexOf(convolution, line, column);
    public readonly int B = IndexOf(convolution, line, column + convolution.StrideWidth);
    public readonly int C = IndexOf(convolution, line, column + 2 * convolution.StrideWidth);
    public readonly int D = IndexOf(convolution, line, column + 3 * convolution.StrideWidth);

    private static int IndexOf(ConvolutionShape convolution, int line, int column) =>
        convolution.HasColumn(column) ? (line * convolution.InputWidth + column) * convolution.InputStride : -1;
}

/// <summary>One tap over a strip.</summary>
/// <param name="views">Input and weights.</param>
/// <param name="pixels">The input pixels under it.</param>
/// <param name="pair">The output channels.</param>
/// <param name="row">Row of the weights that its first input channel has.</param>
internal readonly struct StandardTap(StandardViews views, StripPixels pixels, QuadPair pair, int row)
{
    private readonly ArrayView<float> _input = views.Input;
    private readonly ArrayView<Float4> _weights = views.Weights;
    private readonly StripPixels _pixels = pixels;
    private readonly QuadPair _pair = pair;
    private readonly int _row = row;

    /// <summary>Adds an input channel.</summary>
    /// <param name="sums">The sums before.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="quads">Length of a row of the weights.</param>
    public StripPair Add(StripPair sums, int channel, int quads)
    {
        var inputs = new Float4(
            Read(_pixels.A, channel),
            Read(_pixels.B, channel),
            Read(_pixels.C, channel),
            Read(_pixels.D, channel)
        );
        var weights = (_row + channel) * quads;
        return new(
            sums.First.Add(inputs, _weights[weights + _pair.First]),
            sums.Second.Add(inputs, _weights[weights + _pair.Second])
        );
    }

    private float Read(int pixel, int channel) => pixel < 0 ? 0 : _input[pixel + channel];
}

/// <summary>How many channels the input has, as a type.</summary>
internal interface IInputChannels
{
    /// <summary>Adds what a tap sees.</summary>
    /// <param name="sums">The sums before.</param>
    /// <param name="tap">The tap.</param>
    /// <param name="convolution">Shapes.</param>
    static abstract StripPair Add(StripPair sums, StandardTap tap, ConvolutionShape convolution);
}

/// <summary>Three: pictures.</summary>
internal readonly struct ThreeChannels : IInputChannels
{
    public static StripPair Add(StripPair sums, StandardTap tap, ConvolutionShape convolution)
    {
        sums = tap.Add(sums, 0, convolution.OutputQuads);
        sums = tap.Add(sums, 1, convolution.OutputQuads);
        return tap.Add(sums, 2, convolution.OutputQuads);
    }
}

internal readonly struct AnyChannels : IInputChannels
{
    public static StripPair Add(StripPair sums, StandardTap tap, ConvolutionShape convolution)
    {
        for (var channel = 0; channel < convolution.InputChannels; channel++)
        {
            sums = tap.Add(sums, channel, convolution.OutputQuads);
        }
        return sums;
    }
}
