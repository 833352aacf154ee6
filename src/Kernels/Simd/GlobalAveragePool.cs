namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>Mean over all positions of each channel. An item is a block of channels of one image.</summary>
/// <param name="width">Vector width.</param>
/// <param name="shape">One input image.</param>
internal sealed unsafe class GlobalAveragePool(SimdWidth width, FeatureShape shape) : SimdOperation
{
    private readonly ChannelMeans _means = ChannelMeans.Of(width, shape);

    /// <inheritdoc/>
    public override int ItemCount(in Operands operands) => operands.Batch * _means.BlockCount;

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch) =>
        _means.RunBlock(operands.Input, operands.Output, item);
}
