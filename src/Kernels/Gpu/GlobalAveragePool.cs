using ILGPU;
using ILGPU.Runtime;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>Mean over all positions of each channel.</summary>
/// <param name="shape">One input image.</param>
internal sealed class GlobalAveragePool(FeatureShape shape) : GpuOperation
{
    private readonly ChannelSums _mean = new(shape, 1, 1f / shape.PixelCount);

    /// <inheritdoc/>
    public override IEnumerable<Delegate> Kernels => ChannelSums.Kernels;

    /// <inheritdoc/>
    public override void Load(Accelerator accelerator, ArrayView<Float4> weights) => _mean.Load(accelerator);

    /// <inheritdoc/>
    public override void Launch(AcceleratorStream stream, in GpuOperands operands) =>
        _mean.Launch(stream, operands.Batch, operands.Input, operands.Output);
}
