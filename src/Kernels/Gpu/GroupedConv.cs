using ILGPU;
using ILGPU.Runtime;
using Kernel = System.Action<
    ILGPU.Runtime.AcceleratorStream,
    ILGPU.KernelConfig,
    ILGpuMobileNet.Kernels.Gpu.GroupedViews,
    ILGpuMobileNet.Kernels.Gpu.GroupedShape
>;
using Method = System.Action<ILGpuMobileNet.Kernels.Gpu.GroupedViews, ILGpuMobileNet.Kernels.Gpu.GroupedShape>;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>
/// <c>act(conv(x, w) + b)</c> [+ residual] where each group of output channels reads a group of input channels of its
/// own.
/// </summary>
/// <param name="convolution">Shapes and window; the input is in padded layout.</param>
/// <param name="groups">Groups, which divide input and output channels.</param>
/// <param name="weights">Weights <c>[O, kH, kW, I/groups]</c> and bias <c>[O]</c>.</param>
/// <param name="activation">Applied before the residual is added.</param>
/// <param name="hasResidual">Whether a residual is added.</param>
internal sealed class GroupedConv(
    ConvolutionCase convolution,
    int groups,
    DenseWeights weights,
    Activation activation,
    bool hasResidual
) : FlatOperation
{
    private readonly Method _method = Activations.Specialise(activation.Kind, new MethodFactory(hasResidual));
    private ArrayView<float> _packed;
    private Kernel? _kernel;

    /// <inheritdoc/>
    public override IEnumerable<Delegate> Kernels => [_method];

    /// <inheritdoc/>
    public override int WeightLength => TapWeights.Length(weights);

    /// <inheritdoc/>
    protected override string Shape => $"{convolution}, {groups} groups{(hasResidual ? " + residual" : "")}";

    /// <inheritdoc/>
    public override void PackWeights(Span<Float4> target) => TapWeights.Pack(weights, target);

    /// <inheritdoc/>
    protected override int ThreadCount(int batch)
    {
        _ = LaunchShape.ElementCount(batch, convolution.Input);
        return LaunchShape.ElementCount(batch, convolution.Output);
    }

    /// <inheritdoc/>
    protected override void LoadKernel(Accelerator accelerator, ArrayView<Float4> weights)
    {
        _packed = weights.Cast<float>();
        _kernel = accelerator.LoadKernel(_method);
    }

    /// <inheritdoc/>
    protected override void LaunchKernel(
        AcceleratorStream stream,
        KernelConfig launch,
        int threadCount,
        in GpuOperands operands
    )
    {
        var views = new GroupedViews(operands.Input.Cast<float>(), _packed, operands.Residual, operands.Output);
        _kernel!(stream, launch, views, new(convolution, threadCount, groups, activation.Slope));
    }

    private sealed class MethodFactory(bool hasResidual) : IActivationFactory<Method>
    {
        public Method Create<TActivation>()
            where TActivation : struct, IActivation =>
            hasResidual
                ? GroupedConvKernel.QuadKernel<TActivation, WithResidual>
                : GroupedConvKernel.QuadKernel<TActivation, NoResidual>;
    }
}
