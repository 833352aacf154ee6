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
internal sealed class Pool(ConvolutionCase convolution, PoolKind kind) : GpuOperation
{
    private readonly Method _method = kind switch
    {
        PoolKind.Max => PoolKernel.QuadKernel<MaxPool>,
        PoolKind.Average => PoolKernel.QuadKernel<AveragePool>,
        _ => PoolKernel.QuadKernel<AverageIncludingPaddingPool>,
    };

    private DeviceLimits _limits;
    private Kernel? _kernel;

    /// <inheritdoc/>
    public override IEnumerable<Delegate> Kernels => [_method];

    /// <inheritdoc/>
    public override void Load(Accelerator accelerator, ArrayView<Float4> weights)
    {
        _limits = DeviceLimits.Of(accelerator.Device);
        _kernel = accelerator.LoadKernel(_method);
    }

    /// <inheritdoc/>
    public override void Launch(AcceleratorStream stream, in GpuOperands operands)
    {
        _ = LaunchShape.ElementCount(operands.Batch, convolution.Input);
        var threads = LaunchShape.ElementCount(operands.Batch, convolution.Output);
        var shape = new PoolShape(new(convolution), threads);
        _kernel!(stream, LaunchShape.Flat(_limits, threads), operands.Input, operands.Output, shape);
    }
}
