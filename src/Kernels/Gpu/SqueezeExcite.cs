using ILGPU;
using ILGPU.Runtime;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>
/// The gate of a squeeze-excite block, <c>g(W2 · r(W1 · mean(x) + b1) + b2)</c> per image and channel
/// (arXiv:1709.01507). The means come from sums that whoever wrote the input has left, or else from its own.
/// </summary>
internal sealed class SqueezeExcite : GpuOperation
{
    private readonly ChannelSums? _sums;
    private readonly SummedInput _means;
    private readonly Linear _reduce;
    private readonly Linear _expand;
    private readonly int _squeezed;

    /// <summary>Takes shapes and weights.</summary>
    /// <param name="shape">One input image.</param>
    /// <param name="reduce">The squeezing layer.</param>
    /// <param name="expand">The exciting layer.</param>
    /// <param name="sumsBandCount">Bands of <see cref="GpuOperands.Sums"/>; 0: the input is summed here.</param>
    public SqueezeExcite(FeatureShape shape, DenseLayer reduce, DenseLayer expand, int sumsBandCount = 0)
    {
        var bands = sumsBandCount > 0 ? sumsBandCount : ChannelSums.BandCountFor(shape);
        _sums = sumsBandCount > 0 ? null : new(shape, bands, 1);
        _means = new(bands, 1f / shape.PixelCount);
        _reduce = new(reduce.Weights, reduce.Activation);
        _expand = new(expand.Weights, expand.Activation);
        _squeezed = Float4.CountFor(reduce.Weights.OutputCount);
    }

    /// <inheritdoc/>
    public override int LaunchCount => _sums is null ? 2 : 3;

    /// <inheritdoc/>
    public override IEnumerable<Delegate> Kernels =>
        [.. _sums is null ? [] : ChannelSums.Kernels, .. _reduce.Kernels, .. _expand.Kernels];

    /// <inheritdoc/>
    public override int WeightLength => checked(_reduce.WeightLength + _expand.WeightLength);

    /// <inheritdoc/>
    /// <remarks>What the first layer gives, <c>[N, S/4]</c>, and behind it the own sums <c>[N, bands, C/4]</c>.</remarks>
    public override int ScratchLength(int batch) => checked(batch * (_squeezed + (_sums?.Length ?? 0)));

    /// <inheritdoc/>
    public override void PackWeights(Span<Float4> target)
    {
        _reduce.PackWeights(target[.._reduce.WeightLength]);
        _expand.PackWeights(target[_reduce.WeightLength..]);
    }

    /// <inheritdoc/>
    public override void Load(Accelerator accelerator, ArrayView<Float4> weights)
    {
        _sums?.Load(accelerator);
        _reduce.Load(accelerator, weights.SubView(0, _reduce.WeightLength));
        _expand.Load(accelerator, weights.SubView(_reduce.WeightLength, _expand.WeightLength));
    }

    /// <inheritdoc/>
    public override void Launch(AcceleratorStream stream, in GpuOperands operands)
    {
        var batch = operands.Batch;
        var hidden = operands.Scratch.SubView(0, batch * _squeezed);
        var sums = operands.Sums;
        if (_sums is not null)
        {
            sums = operands.Scratch.SubView(batch * _squeezed, batch * _sums.Length);
            _sums.Launch(stream, batch, operands.Input, sums);
        }
        _reduce.LaunchOnSums(stream, new(batch) { Sums = sums, Output = hidden }, _means);
        _expand.Launch(stream, new(batch) { Input = hidden, Output = operands.Output });
    }
}
