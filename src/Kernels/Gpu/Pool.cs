using ILGPU;
using ILGPU.Runtime;
using Kernel = System.Action<
    ILGPU.Runtime.AcceleratorStream,
    ILGPU.KernelConfig,
    ILGPU.ArrayView<ILGpuMobileNet.Kernels.Gpu.Float4>,
    ILGPU.ArrayView<ILGpuMobileNet.Kernels.Gpu.Float4>,
    ILGpuMobileNet.Kernels.Gpu.PoolShape
>;
using Method = System.Action<
    ILGPU.ArrayView<ILGpuMobileNet.Kernels.Gpu.Float4>,
    ILGPU.ArrayView<ILGpuMobileNet.Kernels.Gpu.Float4>,
    ILGpuMobileNet.Kernels.Gpu.PoolShape
>;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>Maximum or mean over a window, taps outside the input left out.</summary>
/// <param name="convolution">Shapes and window; the input is in padded layout.</param>
/// <param name="kind">Maximum or mean.</param>
internal sealed class Pool(ConvolutionCase convolution, PoolKind kind) : FlatOperation
{
    private readonly Method _method = kind switch
    {
        PoolKind.Max => PoolKernel.QuadKernel<MaxPool>,
        PoolKind.Average => PoolKernel.QuadKernel<AveragePool>,
        _ => PoolKernel.QuadKernel<AverageIncludingPaddingPool>,
    };

    private Kernel? _kernel;

    /// <inheritdoc/>
    public override IEnumerable<Delegate> Kernels => [_method];

    /// <inheritdoc/>
    protected override string Shape => $"{kind} {convolution}";

    /// <inheritdoc/>
    protected override int ThreadCount(int batch)
    {
        _ = LaunchShape.ElementCount(batch, convolution.Input);
        return LaunchShape.ElementCount(batch, convolution.Output);
    }

    /// <inheritdoc/>
    protected override void LoadKernel(Accelerator accelerator, ArrayView<Float4> weights) =>
        _kernel = accelerator.LoadKernel(_method);

    /// <inheritdoc/>
    protected override void LaunchKernel(
        AcceleratorStream stream,
        KernelConfig groups,
        int threadCount,
        in GpuOperands operands
    )
    {
        _kernel!(stream, groups, operands.Input, operands.Output, new(new(convolution), threadCount));
    }
}
