using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>The operands of a matrix product: of <see cref="PointwiseConv"/> and of <see cref="Linear"/>.</summary>
/// <param name="input"><c>[rows, inputs]</c>; of <see cref="Linear"/> <c>[rows, parts, inputs]</c>.</param>
/// <param name="weights"><c>[4 · inputs, outputs]</c>, and behind them the bias <c>[outputs]</c>.</param>
/// <param name="gate"><c>[N, inputs]</c>.</param>
/// <param name="residual"><c>[rows, outputs]</c>.</param>
/// <param name="output"><c>[rows, outputs]</c>.</param>
internal readonly struct MatrixViews(
    ArrayView<Float4> input,
    ArrayView<Float4> weights,
    ArrayView<Float4> gate,
    ArrayView<Float4> residual,
    ArrayView<Float4> output
)
{
    public readonly ArrayView<Float4> Input = input;
    public readonly ArrayView<Float4> Weights = weights;
    public readonly ArrayView<Float4> Gate = gate;
    public readonly ArrayView<Float4> Residual = residual;
    public readonly ArrayView<Float4> Output = output;
}

/// <summary>A place in one matrix of <see cref="Float4"/>, or places in two.</summary>
/// <param name="row">Row, or the place in the first.</param>
/// <param name="column">Column, or the place in the second.</param>
internal readonly struct MatrixPosition(int row, int column)
{
    public readonly int Row = row;
    public readonly int Column = column;
}
