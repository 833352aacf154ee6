using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>The operands of the kernel of <see cref="GroupedConv"/>.</summary>
/// <param name="input"><c>[N, H, W, I]</c> with padded channels.</param>
/// <param name="weights"><c>[kH, kW, I/groups, O]</c>, and behind them the bias <c>[O]</c>, O padded to quads.</param>
/// <param name="residual"><c>[N, H, W, O/4]</c>.</param>
/// <param name="output"><c>[N, H, W, O/4]</c>.</param>
internal readonly struct GroupedViews(
    ArrayView<float> input,
    ArrayView<float> weights,
    ArrayView<Float4> residual,
    ArrayView<Float4> output
)
{
    public readonly ArrayView<float> Input = input;
    public readonly ArrayView<float> Weights = weights;
    public readonly ArrayView<Float4> Residual = residual;
    public readonly ArrayView<Float4> Output = output;
}

/// <summary>What the kernel of <see cref="GroupedConv"/> computes.</summary>
/// <param name="convolution">Shapes.</param>
/// <param name="threadCount">Threads with work.</param>
/// <param name="groups">Groups.</param>
/// <param name="slope">Parameter of the activation.</param>
internal readonly struct GroupedShape(ConvolutionCase convolution, int threadCount, int groups, float slope)
{
    public readonly ConvolutionShape Convolution = new(convolution);
    public readonly int OutputChannels = convolution.Output.Channels;
    public readonly int InputsPerGroup = convolution.Input.Channels / groups;
    public readonly int OutputsPerGroup = convolution.Output.Channels / groups;
    public readonly int ThreadCount = threadCount;
    public readonly float Slope = slope;
}

/// <summary>
/// A thread computes four output channels of a pixel, each with the inputs of its own group; neighbouring threads have
/// neighbouring channels. A sum runs over the taps and their channels in their order.
/// </summary>
internal static class GroupedConvKernel
{
    /// <summary>One thread for each output pixel and four channels.</summary>
    public static void QuadKernel<TActivation, TResidual>(GroupedViews views, GroupedShape shape)
        where TActivation : struct, IActivation
        where TResidual : struct, IResidual
    {
        var thread = Grid.IdxX * Group.DimX + Group.IdxX;
        if (thread < shape.ThreadCount)
        {
            var (pixel, first) = (thread / shape.Convolution.OutputQuads, thread % shape.Convolution.OutputQuads * 4);
            var sums = new Float4(
                Channel(views, shape, pixel, first),
                Channel(views, shape, pixel, first + 1),
                Channel(views, shape, pixel, first + 2),
                Channel(views, shape, pixel, first + 3)
            );
            views.Output[thread] = TResidual.Add(sums.Activate<TActivation>(shape.Slope), views.Residual, thread);
        }
    }

    private static float Channel(GroupedViews views, GroupedShape shape, int pixel, int channel)
    {
        if (channel >= shape.OutputChannels)
        {
            return 0;
        }
        var convolution = shape.Convolution;
        var (line, x) = (pixel / convolution.OutputWidth, pixel % convolution.OutputWidth);
        var (n, y) = (line / convolution.OutputHeight, line % convolution.OutputHeight);
        var taps = convolution.KernelHeight * convolution.KernelWidth;
        var sum = views.Weights[taps * shape.InputsPerGroup * convolution.OutputQuads * 4 + channel];
        for (var tap = 0; tap < taps; tap++)
        {
            var row = convolution.Row(y, tap / convolution.KernelWidth);
            var column = convolution.Column(x, tap % convolution.KernelWidth);
            if (convolution.HasRow(row) && convolution.HasColumn(column))
            {
                var input = ((n * convolution.InputHeight + row) * convolution.InputWidth + column);
                sum = Tap(views, shape, new(input, tap, channel), sum);
            }
        }
        return sum;
    }

    /// <summary>A tap of an output channel.</summary>
    /// <param name="pixel">The input pixel under it.</param>
    /// <param name="tap">Its number.</param>
    /// <param name="channel">The output channel.</param>
    private readonly struct Position(int pixel, int tap, int channel)
    {
        public readonly int Pixel = pixel;
        public readonly int Tap = tap;
        public readonly int Channel = channel;
    }

    private static float Tap(GroupedViews views, GroupedShape shape, Position at, float sum)
    {
        var inputs = shape.InputsPerGroup;
        var input = at.Pixel * shape.Convolution.InputStride + at.Channel / shape.OutputsPerGroup * inputs;
        for (var i = 0; i < inputs; i++)
        {
            var weight = (at.Tap * inputs + i) * shape.Convolution.OutputQuads * 4 + at.Channel;
            sum += views.Input[input + i] * views.Weights[weight];
        }
        return sum;
    }
}
