using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>The operands of the kernel of <see cref="StandardConv"/>.</summary>
/// <param name="input"><c>[N, H, W, I]</c>, with or without padded channels.</param>
/// <param name="weights"><c>[kH, kW, I, O/4]</c>, and behind them the bias <c>[O/4]</c>.</param>
/// <param name="residual"><c>[N, H, W, O/4]</c>.</param>
/// <param name="output"><c>[N, H, W, O/4]</c>.</param>
internal readonly struct StandardViews(
    ArrayView<float> input,
    ArrayView<Float4> weights,
    ArrayView<Float4> residual,
    ArrayView<Float4> output
)
{
    public readonly ArrayView<float> Input = input;
    public readonly ArrayView<Float4> Weights = weights;
    public readonly ArrayView<Float4> Residual = residual;
    public readonly ArrayView<Float4> Output = output;
}

/// <summary>What the kernel of <see cref="StandardConv"/> computes.</summary>
/// <param name="convolution">Shapes.</param>
/// <param name="threadCount">Threads with work.</param>
/// <param name="slope">Parameter of the activation.</param>
internal readonly struct StandardShape(ConvolutionShape convolution, int threadCount, float slope)
{
    public readonly ConvolutionShape Convolution = convolution;
    public readonly int StripCount = Strip.CountFor(convolution.OutputWidth); // of an output row
    public readonly int PairCount = StandardConv.PairCount(convolution.OutputQuads); // of an output pixel
    public readonly int ThreadCount = threadCount;
    public readonly float Slope = slope;
}

/// <summary>
/// A thread computes twice four channels of a strip of four neighbouring outputs, so that every input and weight it
/// reads is used several times. The two lie half the channels apart: neighbouring threads then write one piece of
/// memory. A sum runs over the taps and their channels in their order; taps in the padding add zero.
/// </summary>
internal static class StandardConvKernel
{
    /// <summary>One thread for each strip and twice four channels.</summary>
    public static void StripKernel<TChannels, TActivation, TResidual>(StandardViews views, StandardShape shape)
        where TChannels : struct, IInputChannels
        where TActivation : struct, IActivation
        where TResidual : struct, IResidual
    {
        var thread = Grid.IdxX * Group.DimX + Group.IdxX;
        if (thread >= shape.ThreadCount)
        {
            return;
        }
        var (convolution, quads) = (shape.Convolution, shape.Convolution.OutputQuads);
        var (strip, first) = (thread / shape.PairCount, thread % shape.PairCount);
        var second = first + shape.PairCount;
        var (line, x) = (strip / shape.StripCount, strip % shape.StripCount * Strip.Length); // line is [N, H]
        var sums = Sum<TChannels>(views, convolution, new(line, x), new(first, IntrinsicMath.Min(second, quads - 1)));
        var pixel = (line * convolution.OutputWidth + x) * quads;
        var count = convolution.OutputWidth - x;
        new StripOutput(views.Residual, views.Output, pixel + first).Store<TActivation, TResidual>(
            sums.First,
            quads,
            count,
            shape.Slope
        );
        if (second < quads)
        {
            new StripOutput(views.Residual, views.Output, pixel + second).Store<TActivation, TResidual>(
                sums.Second,
                quads,
                count,
                shape.Slope
            );
        }
    }

    /// <summary>Where a strip begins: its row <c>[N, H]</c> and column.</summary>
    private readonly struct Position(int line, int x)
    {
        public readonly int Line = line;
        public readonly int X = x;
    }

    private static StripPair Sum<TChannels>(
        StandardViews views,
        ConvolutionShape convolution,
        Position at,
        QuadPair pair
    )
        where TChannels : struct, IInputChannels
    {
        var (n, y) = (at.Line / convolution.OutputHeight, at.Line % convolution.OutputHeight);
        var bias = convolution.KernelHeight * convolution.KernelWidth * convolution.InputChannels;
        var sums = new StripPair(
            Strip.Same(views.Weights[bias * convolution.OutputQuads + pair.First]),
            Strip.Same(views.Weights[bias * convolution.OutputQuads + pair.Second])
        );
        for (var ky = 0; ky < convolution.KernelHeight; ky++)
        {
            var row = convolution.Row(y, ky);
            for (var kx = 0; convolution.HasRow(row) && kx < convolution.KernelWidth; kx++)
            {
                var column = convolution.Column(at.X, kx);
                var pixels = new StripPixels(convolution, n * convolution.InputHeight + row, column);
                var weights = (ky * convolution.KernelWidth + kx) * convolution.InputChannels;
                sums = TChannels.Add(sums, new(views, pixels, pair, weights), convolution);
            }
        }
        return sums;
    }
}
