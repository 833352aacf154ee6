using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

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

/// <summary>How the four outputs of a strip share the inputs of a row, as a type: each input is read once.</summary>
internal interface IDepthwiseReach
{
    /// <summary>Adds what a row of taps sees.</summary>
    /// <param name="sums">The strip's sums.</param>
    /// <param name="row">The row.</param>
    /// <param name="column">Input column under the first tap of the first output.</param>
    static abstract Strip Add(Strip sums, TapRow row, int column);
}

/// <summary>Three taps, stride and dilation the same: the next output sees what this one's next tap sees.</summary>
internal readonly struct SlidingThree : IDepthwiseReach
{
    public static Strip Add(Strip sums, TapRow row, int column)
    {
        var step = row.Dilation;
        var (a, b, c, d) = (
            row.Input(column),
            row.Input(column + step),
            row.Input(column + 2 * step),
            row.Input(column + 3 * step)
        );
        var (e, f) = (row.Input(column + 4 * step), row.Input(column + 5 * step));
        return sums.Add(new Strip(a, b, c, d), row.Weight(0))
            .Add(new Strip(b, c, d, e), row.Weight(1))
            .Add(new Strip(c, d, e, f), row.Weight(2));
    }
}

/// <summary>Five taps, stride and dilation the same.</summary>
internal readonly struct SlidingFive : IDepthwiseReach
{
    public static Strip Add(Strip sums, TapRow row, int column)
    {
        var step = row.Dilation;
        var (a, b, c, d) = (
            row.Input(column),
            row.Input(column + step),
            row.Input(column + 2 * step),
            row.Input(column + 3 * step)
        );
        var (e, f, g, h) = (
            row.Input(column + 4 * step),
            row.Input(column + 5 * step),
            row.Input(column + 6 * step),
            row.Input(column + 7 * step)
        );
        return sums.Add(new Strip(a, b, c, d), row.Weight(0))
            .Add(new Strip(b, c, d, e), row.Weight(1))
            .Add(new Strip(c, d, e, f), row.Weight(2))
            .Add(new Strip(d, e, f, g), row.Weight(3))
            .Add(new Strip(e, f, g, h), row.Weight(4));
    }
}

/// <summary>Three taps, the stride twice the dilation: the next output sees what this one's last tap sees.</summary>
internal readonly struct AlternatingThree : IDepthwiseReach
{
    public static Strip Add(Strip sums, TapRow row, int column)
    {
        var step = row.Dilation;
        var (a, b, c, d) = (
            row.Input(column),
            row.Input(column + step),
            row.Input(column + 2 * step),
            row.Input(column + 3 * step)
        );
        var (e, f, g, h) = (
            row.Input(column + 4 * step),
            row.Input(column + 5 * step),
            row.Input(column + 6 * step),
            row.Input(column + 7 * step)
        );
        var i = row.Input(column + 8 * step);
        return sums.Add(new Strip(a, c, e, g), row.Weight(0))
            .Add(new Strip(b, d, f, h), row.Weight(1))
            .Add(new Strip(c, e, g, i), row.Weight(2));
    }
}

/// <summary>Five taps, the stride twice the dilation.</summary>
internal readonly struct AlternatingFive : IDepthwiseReach
{
    public static Strip Add(Strip sums, TapRow row, int column)
    {
        var step = row.Dilation;
        var (a, b, c, d) = (
            row.Input(column),
            row.Input(column + step),
            row.Input(column + 2 * step),
            row.Input(column + 3 * step)
        );
        var (e, f, g, h) = (
            row.Input(column + 4 * step),
            row.Input(column + 5 * step),
            row.Input(column + 6 * step),
            row.Input(column + 7 * step)
        );
        var (i, j, k) = (row.Input(column + 8 * step), row.Input(column + 9 * step), row.Input(column + 10 * step));
        return sums.Add(new Strip(a, c, e, g), row.Weight(0))
            .Add(new Strip(b, d, f, h), row.Weight(1))
            .Add(new Strip(c, e, g, i), row.Weight(2))
            .Add(new Strip(d, f, h, j), row.Weight(3))
            .Add(new Strip(e, g, i, k), row.Weight(4));
    }
}

/// <summary>Any number of taps, stride and dilation: nothing is shared.</summary>
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
