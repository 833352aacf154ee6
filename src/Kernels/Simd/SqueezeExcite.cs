namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// The gate of a squeeze-excite block, <c>g(W2 · r(W1 · mean(x) + b1) + b2)</c> per image and channel
/// (arXiv:1709.01507). The means are one phase, each layer is another: their items are channels, so that one image
/// keeps several threads busy, and a layer's weights pass by once for the whole batch.
/// </summary>
internal sealed unsafe class SqueezeExcite : SimdOperation
{
    private readonly ChannelMeans _means;
    private readonly ChannelMeans _meansOfSums; // where the row sums of the input are there already
    private readonly Gemm _reduce;
    private readonly Gemm _expand;

    /// <summary>Packs the weights of both layers.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="shape">One input image.</param>
    /// <param name="reduce">The squeezing layer.</param>
    /// <param name="expand">The exciting layer.</param>
    public SqueezeExcite(SimdWidth width, FeatureShape shape, DenseLayer reduce, DenseLayer expand)
    {
        _means = ChannelMeans.Of(width, shape);
        _meansOfSums = ChannelMeans.OfRowSums(width, shape);
        _reduce = Own(Gemm.Create(width, reduce.Weights, reduce.Activation));
        _expand = Own(Gemm.Create(width, expand.Weights, expand.Activation));
    }

    /// <inheritdoc/>
    public override long WeightBytes => _reduce.WeightBytes + _expand.WeightBytes;

    /// <inheritdoc/>
    public override long SharedLength => _reduce.PaddedOutputs;

    /// <inheritdoc/>
    public override int PhaseCount => 3;

    /// <inheritdoc/>
    public override int ItemCount(in Operands operands) =>
        operands.Phase switch
        {
            0 => operands.Batch * MeansOf(operands).BlockCount,
            1 => ShareCount(_reduce, operands),
            _ => ShareCount(_expand, operands),
        };

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var means = operands.Output; // where the gates are written when the means are no longer needed
        var squeezed = operands.Shared; // [N, hidden]
        switch (operands.Phase)
        {
            case 0:
                MeansOf(operands).RunBlock(operands.Sums == null ? operands.Input : operands.Sums, means, item);
                break;
            case 1:
                RunLayer(_reduce, operands, item, new(means, _means.Stride, operands.Batch) { Y = squeezed });
                break;
            default:
                var hidden = new GemmRows(squeezed, _reduce.PaddedOutputs, operands.Batch) { Y = operands.Output };
                RunLayer(_expand, operands, item, hidden);
                break;
        }
    }

    private static void RunLayer(Gemm layer, in Operands operands, int item, in GemmRows rows)
    {
        var shares = ShareCount(layer, operands);
        layer.Run(rows, Part(layer.PanelCount, shares, item), Part(layer.PanelCount, shares, item + 1));
    }

    private static int ShareCount(Gemm layer, in Operands operands) => Math.Min(layer.PanelCount, operands.WantedItems);

    private ChannelMeans MeansOf(in Operands operands) => operands.Sums == null ? _means : _meansOfSums;
}
