namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// The gate of a squeeze-excite block, <c>g(W2 · r(W1 · mean(x) + b1) + b2)</c> per image and channel
/// (arXiv:1709.01507). An item is one image.
/// </summary>
internal sealed unsafe class SqueezeExcite : SimdOperation
{
    private readonly FeatureShape _shape;
    private readonly ChannelMeans _means;
    private readonly Gemm _reduce;
    private readonly Gemm _expand;

    /// <summary>Packs the weights of both layers.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="shape">One input image.</param>
    /// <param name="reduce">The squeezing layer.</param>
    /// <param name="expand">The exciting layer.</param>
    public SqueezeExcite(SimdWidth width, FeatureShape shape, DenseLayer reduce, DenseLayer expand)
    {
        _shape = shape;
        _means = ChannelMeans.Create(width, shape);
        _reduce = Own(Gemm.Create(width, reduce.Weights, reduce.Activation));
        _expand = Own(Gemm.Create(width, expand.Weights, expand.Activation));
    }

    /// <inheritdoc/>
    public override long WeightBytes => _reduce.WeightBytes + _expand.WeightBytes;

    /// <inheritdoc/>
    public override long ScratchLength => _means.Stride + _reduce.PaddedOutputs;

    /// <inheritdoc/>
    public override int ItemCount(in Operands operands) => operands.Batch;

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var squeezed = scratch + _means.Stride;
        var image = operands.Input + item * (nint)_shape.PixelCount * _means.Stride;
        _means.Run(image, scratch, 0, _means.Stride);
        _reduce.Run(new(scratch, 0, 1) { Y = squeezed });
        _expand.Run(new(squeezed, 0, 1) { Y = operands.Output + (nint)item * _expand.PaddedOutputs });
    }
}
