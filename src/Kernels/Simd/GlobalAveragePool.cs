namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>Mean over all positions of each channel. An item is a block of channels of one image.</summary>
/// <param name="width">Vector width.</param>
/// <param name="shape">One input image.</param>
internal sealed unsafe class GlobalAveragePool(SimdWidth width, FeatureShape shape) : SimdOperation
{
    private const int BlockChannels = 128;
    private readonly ChannelMeans _means = ChannelMeans.Create(width, shape);

    private int Blocks => (_means.Stride + BlockChannels - 1) / BlockChannels;

    /// <inheritdoc/>
    public override int ItemCount(in Operands operands) => operands.Batch * Blocks;

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var (image, first) = (item / Blocks, item % Blocks * BlockChannels);
        _means.Run(
            operands.Input + (nint)image * (nint)shape.PixelCount * _means.Stride,
            operands.Output + (nint)image * _means.Stride,
            first,
            Math.Min(first + BlockChannels, _means.Stride)
        );
    }
}
