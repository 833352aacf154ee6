using ILGPU;
using ILGPU.Runtime;
using Kernel = System.Action<
    ILGPU.Runtime.AcceleratorStream,
    ILGPU.KernelConfig,
    ILGpuMobileNet.Kernels.Gpu.ElementwiseViews,
    ILGpuMobileNet.Kernels.Gpu.ElementwiseShape
>;
using Method = System.Action<ILGpuMobileNet.Kernels.Gpu.ElementwiseViews, ILGpuMobileNet.Kernels.Gpu.ElementwiseShape>;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>
/// <c>act(x · gate) + residual</c> without weights: an activation, a gate or a sum that found no layer to be fused
/// into.
/// </summary>
/// <param name="shape">One image, read and written.</param>
/// <param name="activation">The function.</param>
/// <param name="options">Gate and residual.</param>
internal sealed class Elementwise(FeatureShape shape, Activation activation, FusedOperands options = default)
    : FlatOperation
{
    private readonly Method _method = Activations.Specialise(activation.Kind, new MethodFactory(options));
    private Kernel? _kernel;

    /// <inheritdoc/>
    public override IEnumerable<Delegate> Kernels => [_method];

    /// <inheritdoc/>
    protected override string Shape =>
        $"{shape}{(options.HasGate ? " + gate" : "")}{(options.HasResidual ? " + residual" : "")}";

    /// <inheritdoc/>
    protected override int ThreadCount(int batch) => LaunchShape.ElementCount(batch, shape);

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
        var quads = Float4.CountFor(shape.Channels);
        var views = new ElementwiseViews(operands.Input, operands.Gate, operands.Residual, operands.Output);
        var elements = new ElementwiseShape(threadCount, threadCount / operands.Batch, quads, activation.Slope);
        _kernel!(stream, groups, views, elements);
    }

    private sealed class MethodFactory(FusedOperands options) : IActivationFactory<Method>
    {
        public Method Create<TActivation>()
            where TActivation : struct, IActivation =>
            (options.HasGate, options.HasResidual) switch
            {
                (false, false) => ElementwiseKernel.QuadKernel<TActivation, NoGate, NoResidual>,
                (false, true) => ElementwiseKernel.QuadKernel<TActivation, NoGate, WithResidual>,
                (true, false) => ElementwiseKernel.QuadKernel<TActivation, WithGate, NoResidual>,
                (true, true) => ElementwiseKernel.QuadKernel<TActivation, WithGate, WithResidual>,
            };
    }
}
