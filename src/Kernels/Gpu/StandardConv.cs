using ILGPU;
using ILGPU.Runtime;
using Kernel = System.Action<
    ILGPU.Runtime.AcceleratorStream,
    ILGPU.KernelConfig,
    ILGpuMobileNet.Kernels.Gpu.StandardViews,
    ILGpuMobileNet.Kernels.Gpu.StandardShape
>;
using Method = System.Action<ILGpuMobileNet.Kernels.Gpu.StandardViews, ILGpuMobileNet.Kernels.Gpu.StandardShape>;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>What a standard convolution reads besides.</summary>
/// <param name="ReadsImages">Whether it reads the caller's images, without padded channels, and no feature map.</param>
/// <param name="HasResidual">Whether a residual is added after the activation.</param>
internal readonly record struct StandardOptions(bool ReadsImages = false, bool HasResidual = false);

/// <summary><c>act(conv(x, w) + b)</c> [+ residual] for any kernel, stride, dilation and padding; the stem.</summary>
internal sealed class StandardConv : FlatOperation
{
    private readonly ConvolutionCase _case;
    private readonly DenseWeights _weights;
    private readonly Activation _activation;
    private readonly StandardOptions _options;
    private readonly int _quads;
    private readonly Method _method;
    private ArrayView<Float4> _packed;
    private Kernel? _kernel;

    /// <summary>Takes shapes and weights.</summary>
    /// <param name="convolution">Shapes and window.</param>
    /// <param name="weights">Weights <c>[O, kH, kW, I]</c> and bias <c>[O]</c>.</param>
    /// <param name="activation">Applied before the residual is added.</param>
    /// <param name="options">Where to read, and residual.</param>
    public StandardConv(
        ConvolutionCase convolution,
        DenseWeights weights,
        Activation activation,
        StandardOptions options = default
    )
    {
        (_case, _weights, _activation, _options) = (convolution, weights, activation, options);
        _quads = Float4.CountFor(convolution.Output.Channels);
        _method = Activations.Specialise(activation.Kind, new MethodFactory(convolution.Input.Channels, options));
    }

    /// <inheritdoc/>
    public override IEnumerable<Delegate> Kernels => [_method];

    /// <inheritdoc/>
    public override int WeightLength => TapWeights.Length(_weights);

    /// <summary>Threads that share an output strip.</summary>
    /// <param name="quads">Output channels, in <see cref="Float4"/>.</param>
    public static int PairCount(int quads) => (quads + 1) / 2;

    /// <inheritdoc/>
    public override void PackWeights(Span<Float4> target) => TapWeights.Pack(_weights, target);

    /// <inheritdoc/>
    protected override string Shape => $"{_case}{(_options.HasResidual ? " + residual" : "")}";

    /// <inheritdoc/>
    protected override int ThreadCount(int batch)
    {
        _ = LaunchShape.ElementCount(batch, _case.Input);
        var lines = LaunchShape.ElementCount(batch, _case.Output) / _case.Output.Width / _quads; // [N, H]
        return checked(lines * Strip.CountFor(_case.Output.Width) * PairCount(_quads));
    }

    /// <inheritdoc/>
    protected override void LoadKernel(Accelerator accelerator, ArrayView<Float4> weights)
    {
        _packed = weights;
        _kernel = accelerator.LoadKernel(_method);
    }

    /// <inheritdoc/>
    protected override void LaunchKernel(
        AcceleratorStream stream,
        KernelConfig groups,
        int threadCount,
        in GpuOperands operands
    )
    {
        var input = _options.ReadsImages ? operands.Images : operands.Input.Cast<float>();
        var views = new StandardViews(input, _packed, operands.Residual, operands.Output);
        _kernel!(stream, groups, views, new(new(_case), threadCount, _activation.Slope));
    }

    private sealed class MethodFactory(int inputChannels, StandardOptions options) : IActivationFactory<Method>
    {
        public Method Create<TActivation>()
            where TActivation : struct, IActivation =>
            inputChannels == 3 ? Of<ThreeChannels, TActivation>() : Of<AnyChannels, TActivation>();

        private Method Of<TChannels, TActivation>()
            where TChannels : struct, IInputChannels
            where TActivation : struct, IActivation =>
            options.HasResidual
                ? StandardConvKernel.StripKernel<TChannels, TActivation, WithResidual>
                : StandardConvKernel.StripKernel<TChannels, TActivation, NoResidual>;
    }
}
