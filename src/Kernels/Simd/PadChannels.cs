namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>Brings packed images <c>[N, H, W, C]</c> into the padded layout. An item is one row.</summary>
/// <param name="width">Vector width.</param>
/// <param name="shape">One image.</param>
internal sealed unsafe class PadChannels(SimdWidth width, FeatureShape shape) : SimdOperation
{
    private readonly int _stride = Simd.PaddedChannels(shape.Channels, width);

    /// <inheritdoc/>
    public override int ItemCount(in Operands operands) => operands.Batch * shape.Height;

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var pixels = (nint)item * shape.Width;
        for (nint pixel = pixels; pixel < pixels + shape.Width; pixel++)
        {
            var destination = new Span<float>(operands.Output + pixel * _stride, _stride);
            new ReadOnlySpan<float>(operands.Input + pixel * shape.Channels, shape.Channels).CopyTo(destination);
            destination[shape.Channels..].Clear();
        }
    }
}
