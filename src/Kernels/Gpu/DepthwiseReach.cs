using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>How many taps a row of a kernel has, as a type, so that loops over the usual ones are unrolled.</summary>
internal interface ITapCount
{
    /// <summary>The number.</summary>
    /// <param name="count">The number as a value.</param>
    static abstract int Of(int count);
}

internal readonly struct ThreeTaps : ITapCount
{
    public static int Of(int count) => 3;
}

internal readonly struct FiveTaps : ITapCount
{
    public static int Of(int count) => 5;
}

internal readonly struct AnyTaps : ITapCount
{
    public static int Of(int count) => count;
}

/// <summary>One input row and the row of taps over it, for four channels.</summary>
/// <param name="views">Input and weights.</param>
/// <param name="convolution">Shapes.</param>
/// <param name="input">Index of the row's first pixel.</param>
/// <param name="weight">Index of the row's first tap.</param>
internal readonly struct TapRow(DepthwiseViews views, ConvolutionShape convolution, int input, int weight)
{
    private readonly ArrayView<Float4> _input = views.Input;
    private readonly ArrayView<Float4> _weights = views.Weights;
    private readonly int _width = convolution.InputWidth;
    private readonly int _quads = convolution.OutputQuads;
    private readonly int _start = input;
    private readonly int _weight = weight;

    public readonly int TapCount = convolution.KernelWidth;
    public readonly int Stride = convolution.StrideWidth;
    public readonly int Dilation = convolution.DilationWidth;

    /// <summary>The pixel of a column; zero outside.</summary>
    public Float4 Input(int column) => column >= 0 && column < _width ? _input[_start + column * _quads] : default;

    /// <summary>The weights of a tap.</summary>
    public Float4 Weight(int kx) => _weights[_weight + kx * _quads];
}

/// <summary>How the four outputs of a strip share the inputs of a row, as a type.</summary>
internal interface IDepthwiseReach
{
    /// <summary>Adds what a row of taps sees.</summary>
    /// <param name="sums">The strip's sums.</param>
    /// <param name="row">The row.</param>
    /// <param name="column">Input column under the first tap of the first output.</param>
    static abstract Strip Add(Strip sums, TapRow row, int column);
}

/// <summary>Stride and dilation are the same: the next output sees what this one's next tap sees.</summary>
internal readonly struct SlidingReach<TTaps> : IDepthwiseReach
    where TTaps : struct, ITapCount
{
    public static Strip Add(Strip sums, TapRow row, int column)
    {
        var step = row.Dilation;
        var (a, b, c) = (row.Input(column), row.Input(column + step), row.Input(column + 2 * step));
        for (var kx = 0; kx < TTaps.Of(row.TapCount); kx++)
        {
            var d = row.Input(column + (kx + 3) * step);
            sums = sums.Add(new Strip(a, b, c, d), row.Weight(kx));
            (a, b, c) = (b, c, d);
        }
        return sums;
    }
}

/// <summary>The stride is twice the dilation: the next output sees what this one's tap after the next sees.</summary>
internal readonly struct AlternatingReach<TTaps> : IDepthwiseReach
    where TTaps : struct, ITapCount
{
    public static Strip Add(Strip sums, TapRow row, int column)
    {
        var step = row.Dilation;
        var (a, b, c) = (row.Input(column), row.Input(column + 2 * step), row.Input(column + 4 * step));
        var (e, f, g) = (row.Input(column + step), row.Input(column + 3 * step), row.Input(column + 5 * step));
        for (var kx = 0; kx < TTaps.Of(row.TapCount); kx++)
        {
            var d = row.Input(column + (kx + 6) * step);
            sums = sums.Add(new Strip(a, b, c, d), row.Weight(kx));
            (a, b, c, e, f, g) = (e, f, g, b, c, d);
        }
        return sums;
    }
}

/// <summary>Any stride and dilation: nothing is shared.</summary>
internal readonly struct SeparateReach : IDepthwiseReach
{
    public static Strip Add(Strip sums, TapRow row, int column)
    {
        for (var kx = 0; kx < row.TapCount; kx++, column += row.Dilation)
        {
            var inputs = new Strip(
                row.Input(column),
                row.Input(column + row.Stride),
                row.Input(column + 2 * row.Stride),
                row.Input(column + 3 * row.Stride)
            );
            sums = sums.Add(inputs, row.Weight(kx));
        }
        return sums;
    }
}
