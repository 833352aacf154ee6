using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>The operands of the kernels of <see cref="DepthwiseConv"/>.</summary>
/// <param name="input"><c>[N, H, W, C/4]</c>.</param>
/// <param name="weights"><c>[kH, kW, C/4]</c>, and behind them the bias <c>[C/4]</c>.</param>
/// <param name="residual"><c>[N, H, W, C/4]</c> of the output.</param>
/// <param name="output"><c>[N, H, W, C/4]</c>.</param>
/// <param name="sums"><c>[N, bands, C/4]</c>.</param>
internal readonly struct DepthwiseViews(
    ArrayView<Float4> input,
    ArrayView<Float4> weights,
    ArrayView<Float4> residual,
    ArrayView<Float4> output,
    ArrayView<Float4> sums
)
{
    public readonly ArrayView<Float4> Input = input;
    public readonly ArrayView<Float4> Weights = weights;
    public readonly ArrayView<Float4> Residual = residual;
    public readonly ArrayView<Float4> Output = output;
    public readonly ArrayView<Float4> Sums = sums;
}

/// <summary>What the kernels of <see cref="DepthwiseConv"/> compute.</summary>
/// <param name="convolution">Shapes.</param>
/// <param name="bands">How images are cut for the sums.</param>
/// <param name="threadCount">Threads with work where they are numbered through.</param>
/// <param name="slope">Parameter of the activation.</param>
internal readonly struct DepthwiseShape(
    ConvolutionShape convolution,
    DepthwiseBands bands,
    int threadCount,
    float slope
)
{
    public readonly ConvolutionShape Convolution = convolution;
    public readonly DepthwiseBands Bands = bands;
    public readonly int StripCount = Strip.CountFor(convolution.OutputWidth); // of an output row
    public readonly int ThreadCount = threadCount;
    public readonly float Slope = slope;
}

/// <summary>
/// A thread computes four channels of a strip of four neighbouring outputs. Neighbouring threads have neighbouring
/// channels, then strips, so that what they read and write together is one piece of memory. A sum runs over the taps
/// in their order; taps in the padding add zero.
/// </summary>
internal static class DepthwiseConvKernel
{
    /// <summary>One thread for each strip and four channels.</summary>
    public static void StripKernel<TReach, TActivation, TResidual>(DepthwiseViews views, DepthwiseShape shape)
        where TReach : struct, IDepthwiseReach
        where TActivation : struct, IActivation
        where TResidual : struct, IResidual
    {
        var thread = Grid.IdxX * Group.DimX + Group.IdxX;
        if (thread < shape.ThreadCount)
        {
            var quads = shape.Convolution.OutputQuads;
            Compute<TReach, TActivation, TResidual>(views, shape, thread / quads, thread % quads);
        }
    }

    /// <summary>
    /// One group for each image, band of strips and block of channels; sums the outputs of the band as well. The
    /// threads of a channel take turns at the band's strips and are summed in pairs.
    /// </summary>
    public static void BandKernel<TReach, TActivation, TResidual>(DepthwiseViews views, DepthwiseShape shape)
        where TReach : struct, IDepthwiseReach
        where TActivation : struct, IActivation
        where TResidual : struct, IResidual
    {
        var sums = SharedMemory.Allocate<Float4>(DepthwiseBands.LargestGroup); // [lane, quad of the block]
        var bands = shape.Bands;
        var (lane, imageBand) = (Group.IdxX / bands.BlockQuads, Grid.IdxX / bands.BlockCount);
        var quad = Grid.IdxX % bands.BlockCount * bands.BlockQuads + Group.IdxX % bands.BlockQuads;
        var (n, band) = (imageBand / bands.Count, imageBand % bands.Count);
        var quads = shape.Convolution.OutputQuads;
        var imageStrips = shape.Convolution.OutputHeight * shape.StripCount;
        var end = IntrinsicMath.Min((band + 1) * bands.StripCount, imageStrips);
        var sum = default(Float4);
        for (var strip = band * bands.StripCount + lane; strip < end && quad < quads; strip += bands.LaneCount)
        {
            sum += Compute<TReach, TActivation, TResidual>(views, shape, n * imageStrips + strip, quad);
        }
        sums[Group.IdxX] = sum;
        Group.Barrier();
        for (var left = bands.LaneCount; left > 1; left = (left + 1) / 2)
        {
            var half = (left + 1) / 2;
            if (lane < left - half)
            {
                sums[Group.IdxX] = sums[Group.IdxX] + sums[Group.IdxX + half * bands.BlockQuads];
            }
            Group.Barrier();
        }
        if (lane == 0 && quad < quads)
        {
            views.Sums[imageBand * quads + quad] = sums[Group.IdxX];
        }
    }

    /// <summary>Computes a strip; returns the sum of its outputs.</summary>
    private static Float4 Compute<TReach, TActivation, TResidual>(
        DepthwiseViews views,
        DepthwiseShape shape,
        int strip,
        int quad
    )
        where TReach : struct, IDepthwiseReach
        where TActivation : struct, IActivation
        where TResidual : struct, IResidual
    {
        var convolution = shape.Convolution;
        var quads = convolution.OutputQuads;
        var (line, x) = (strip / shape.StripCount, strip % shape.StripCount * Strip.Length); // line is [N, H]
        var (n, y) = (line / convolution.OutputHeight, line % convolution.OutputHeight);
        var bias = views.Weights[convolution.KernelHeight * convolution.KernelWidth * quads + quad];
        var sums = Strip.Same(bias);
        for (var ky = 0; ky < convolution.KernelHeight; ky++)
        {
            var row = convolution.Row(y, ky);
            if (convolution.HasRow(row))
            {
                var input = (n * convolution.InputHeight + row) * convolution.InputWidth * quads + quad;
                var taps = new TapRow(views, convolution, input, ky * convolution.KernelWidth * quads + quad);
                sums = TReach.Add(sums, taps, convolution.Column(x, 0));
            }
        }
        var output = new StripOutput(views.Residual, views.Output, (line * convolution.OutputWidth + x) * quads + quad);
        return output.Store<TActivation, TResidual>(sums, quads, convolution.OutputWidth - x, shape.Slope);
    }
}
