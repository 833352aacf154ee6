using ILGPU;
using ILGPU.Runtime;
using Kernel = System.Action<
    ILGPU.Runtime.AcceleratorStream,
    ILGPU.KernelConfig,
    ILGPU.ArrayView<float>,
    ILGPU.ArrayView<ILGpuMobileNet.Kernels.Gpu.Float4>,
    int,
    int
>;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>Brings packed images <c>[N, H, W, C]</c> into the padded layout.</summary>
/// <param name="shape">One image.</param>
internal sealed class PadChannels(FeatureShape shape) : FlatOperation
{
    private Kernel? _kernel;

    /// <inheritdoc/>
    public override IEnumerable<Delegate> Kernels => [PadKernel];

    /// <inheritdoc/>
    protected override string Shape => shape.ToString();

    /// <inheritdoc/>
    protected override int ThreadCount(int batch) => LaunchShape.ElementCount(batch, shape);

    /// <inheritdoc/>
    protected override void LoadKernel(Accelerator accelerator, ArrayView<Float4> weights) =>
        _kernel = accelerator.LoadKernel<ArrayView<float>, ArrayView<Float4>, int, int>(PadKernel);

    /// <inheritdoc/>
    protected override void LaunchKernel(
        AcceleratorStream stream,
        KernelConfig groups,
        int threadCount,
        in GpuOperands operands
    )
    {
        _kernel!(stream, groups, operands.Images, operands.Output, shape.Channels, threadCount);
    }

    /// <summary>One thread for each pixel and four channels.</summary>
    private static void PadKernel(ArrayView<float> images, ArrayView<Float4> output, int channels, int threadCount)
    {
        var thread = Grid.IdxX * Group.DimX + Group.IdxX;
        if (thread < threadCount)
        {
            var quads = (channels + 3) / 4;
            var (pixel, c) = (thread / quads * channels, thread % quads * 4);
            var (y, z, w) = (c + 1 < channels, c + 2 < channels, c + 3 < channels);
            output[thread] = new(
                images[pixel + c],
                y ? images[pixel + c + 1] : 0,
                z ? images[pixel + c + 2] : 0,
                w ? images[pixel + c + 3] : 0
            );
        }
    }
}
