using ILGPU;
using ILGPU.Runtime;
using Kernel = System.Action<
    ILGPU.Runtime.AcceleratorStream,
    ILGPU.KernelConfig,
    ILGpuMobileNet.Kernels.Gpu.MatrixViews,
    ILGpuMobileNet.Kernels.Gpu.LinearShape
>;
using Method = System.Action<ILGpuMobileNet.Kernels.Gpu.MatrixViews, ILGpuMobileNet.Kernels.Gpu.LinearShape>;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>
/// <c>act((x · gate) W + b) + residual</c> of one row per image; gate and residual are optional. For maps of one pixel,
/// where <see cref="PointwiseConv"/> would leave most of a device idle.
/// </summary>
internal sealed class Linear : GpuOperation
{
    private readonly DenseWeights _weights;
    private readonly Activation _activation;
    private readonly PackedMatrix _matrix;
    private readonly Method _oneRowMethod;
    private readonly Method _fourRowsMethod;
    private ArrayView<Float4> _packed;
    private Kernel? _oneRow;
    private Kernel? _fourRows;

    /// <summary>Takes weights.</summary>
    /// <param name="weights">Weights <c>[O, I]</c> and bias <c>[O]</c>.</param>
    /// <param name="activation">Applied before the residual is added.</param>
    /// <param name="options">Gate and residual.</param>
    public Linear(DenseWeights weights, Activation activation, FusedOperands options = default)
    {
        (_weights, _activation) = (weights, activation);
        _matrix = new(weights.InputCount, weights.OutputCount);
        _oneRowMethod = Activations.Specialise(activation.Kind, new MethodFactory<OneRow>(options));
        _fourRowsMethod = Activations.Specialise(activation.Kind, new MethodFactory<FourRows>(options));
    }

    /// <inheritdoc/>
    public override IEnumerable<Delegate> Kernels => [_oneRowMethod, _fourRowsMethod];

    /// <inheritdoc/>
    public override int WeightLength => _matrix.Length;

    /// <inheritdoc/>
    public override void PackWeights(Span<Float4> target) => _matrix.Pack(_weights, target);

    /// <inheritdoc/>
    public override void Load(Accelerator accelerator, ArrayView<Float4> weights)
    {
        _packed = weights;
        _oneRow = accelerator.LoadKernel(_oneRowMethod);
        _fourRows = accelerator.LoadKernel(_fourRowsMethod);
    }

    /// <inheritdoc/>
    public override void Launch(AcceleratorStream stream, in GpuOperands operands) =>
        Launch(stream, operands, operands.Input, SummedInput.Whole);

    /// <summary>The same on the means of sums, <see cref="GpuOperands.Sums"/>.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="operands">Where to read and write.</param>
    /// <param name="sums">How the means come from the sums.</param>
    public void LaunchOnSums(AcceleratorStream stream, in GpuOperands operands, SummedInput sums) =>
        Launch(stream, operands, operands.Sums, sums);

    private void Launch(AcceleratorStream stream, in GpuOperands operands, ArrayView<Float4> input, SummedInput sums)
    {
        var shape = new LinearShape(operands.Batch, _matrix.Inputs, _matrix.Outputs, _activation.Slope, sums);
        _ = checked(shape.Rows * Math.Max(sums.PartCount * shape.Inputs, shape.Outputs)); // the kernel's 32 bits
        var views = new MatrixViews(input, _packed, operands.Gate, operands.Residual, operands.Output);
        var (kernel, rows) = shape.Rows == 1 ? (_oneRow, OneRow.Count) : (_fourRows, FourRows.Count);
        kernel!(stream, (LinearKernel.GroupCount(shape, rows), SlicedGroup.ThreadCount), views, shape);
    }

    private sealed class MethodFactory<TRows>(FusedOperands options) : IActivationFactory<Method>
        where TRows : struct, IRowSums<TRows>
    {
        public Method Create<TActivation>()
            where TActivation : struct, IActivation =>
            options switch
            {
                (false, false) => LinearKernel.SlicesKernel<TRows, TActivation, NoGate, NoResidual>,
                (false, true) => LinearKernel.SlicesKernel<TRows, TActivation, NoGate, WithResidual>,
                (true, false) => LinearKernel.SlicesKernel<TRows, TActivation, WithGate, NoResidual>,
                (true, true) => LinearKernel.SlicesKernel<TRows, TActivation, WithGate, WithResidual>,
            };
    }
}
