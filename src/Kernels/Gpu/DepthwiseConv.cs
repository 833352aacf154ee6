using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using Kernel = System.Action<
    ILGPU.Runtime.AcceleratorStream,
    ILGPU.KernelConfig,
    ILGpuMobileNet.Kernels.Gpu.DepthwiseViews,
    ILGpuMobileNet.Kernels.Gpu.DepthwiseShape
>;
using Method = System.Action<ILGpuMobileNet.Kernels.Gpu.DepthwiseViews, ILGpuMobileNet.Kernels.Gpu.DepthwiseShape>;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>What a depthwise convolution does besides.</summary>
/// <param name="HasResidual">Whether a residual is added after the activation.</param>
/// <param name="WritesSums">Whether the outputs are summed per image, band and channel.</param>
internal readonly record struct DepthwiseOptions(bool HasResidual = false, bool WritesSums = false);

/// <summary><c>act(dw(x, w) + b)</c> [+ residual]: every channel is convolved with its own kernel.</summary>
internal sealed class DepthwiseConv : FlatOperation
{
    private readonly ConvolutionCase _case;
    private readonly DenseWeights _weights;
    private readonly Activation _activation;
    private readonly DepthwiseOptions _options;
    private readonly DepthwiseBands _bands;
    private readonly int _quads;
    private ArrayView<Float4> _packed;
    private readonly Method _method;
    private Kernel? _kernel;

    /// <summary>Takes shapes and weights.</summary>
    /// <param name="convolution">Shapes and window; the input is in padded layout.</param>
    /// <param name="weights">Weights <c>[C, kH, kW]</c> and bias <c>[C]</c>.</param>
    /// <param name="activation">Applied before the residual is added.</param>
    /// <param name="options">Residual and sums.</param>
    public DepthwiseConv(
        ConvolutionCase convolution,
        DenseWeights weights,
        Activation activation,
        DepthwiseOptions options = default
    )
    {
        (_case, _weights, _activation, _options) = (convolution, weights, activation, options);
        (_bands, _quads) = (new(convolution.Output), Float4.CountFor(convolution.Output.Channels));
        _method = Activations.Specialise(activation.Kind, new DepthwiseMethods(convolution.Window, options));
    }

    /// <inheritdoc/>
    public override IEnumerable<Delegate> Kernels => [_method];

    /// <inheritdoc/>
    public override LaunchVariants? VariantsFor(int maximalBatch, DeviceLimits limits) =>
        _options.WritesSums ? null : base.VariantsFor(maximalBatch, limits); // groups of other sizes would sum otherwise

    /// <summary>Bands of the sums of an image.</summary>
    public int SumsBandCount => _bands.Count;

    /// <inheritdoc/>
    public override int WeightLength => checked((_case.Window.TapCount + 1) * _quads);

    /// <inheritdoc/>
    public override void PackWeights(Span<Float4> target)
    {
        var taps = _case.Window.TapCount;
        var packed = MemoryMarshal.Cast<Float4, float>(target);
        for (var c = 0; c < _case.Output.Channels; c++)
        {
            for (var tap = 0; tap < taps; tap++)
            {
                packed[tap * _quads * 4 + c] = _weights.Weights.Span[c * taps + tap];
            }
        }
        _weights.Bias.Span.CopyTo(packed[(taps * _quads * 4)..]);
    }

    /// <inheritdoc/>
    protected override string Shape => $"{_case}{(_options.HasResidual ? " + residual" : "")}";

    /// <inheritdoc/>
    protected override int ThreadCount(int batch)
    {
        _ = LaunchShape.ElementCount(batch, _case.Input);
        var lines = LaunchShape.ElementCount(batch, _case.Output) / _case.Output.Width; // [N, H, C/4]
        return checked(lines * Strip.CountFor(_case.Output.Width));
    }

    /// <inheritdoc/>
    protected override KernelConfig Groups(int batch, int threadCount) =>
        _options.WritesSums
            ? new(checked(batch * _bands.Count * _bands.BlockCount), _bands.GroupSize)
            : base.Groups(batch, threadCount);

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
        var views = new DepthwiseViews(operands.Input, _packed, operands.Residual, operands.Output, operands.Sums);
        _kernel!(stream, groups, views, new(new(_case), _bands, threadCount, _activation.Slope));
    }
}
