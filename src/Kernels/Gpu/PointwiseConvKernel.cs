using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>What the kernel of <see cref="PointwiseConv"/> computes.</summary>
/// <param name="rows">Pixels of all images, <c>N·H·W</c>.</param>
/// <param name="pixels">Pixels of an image, <c>H·W</c>.</param>
/// <param name="inputs">Input channels, in <see cref="Float4"/>.</param>
/// <param name="outputs">Output channels, in <see cref="Float4"/>.</param>
/// <param name="slope">Parameter of the activation.</param>
internal readonly struct PointwiseShape(int rows, int pixels, int inputs, int outputs, float slope)
{
    public readonly int Rows = rows;
    public readonly int Pixels = pixels;
    public readonly int Inputs = inputs;
    public readonly int Outputs = outputs;
    public readonly float Slope = slope;
}

/// <summary>
/// A tiled matrix product. A group computes a tile of pixels by output channels: it brings slices of the inputs and
/// weights into shared memory, and every thread sums some rows of four output channels in registers. A sum runs over
/// the input channels in their order whatever the tile, so that tiles differ in speed only.
/// </summary>
internal static class PointwiseConvKernel
{
    /// <summary>Input channels of a slice, in <see cref="Float4"/>.</summary>
    public const int Depth = 8;

    /// <summary>The kernel; one group for each tile, those of the same pixels one after the other.</summary>
    public static void TileKernel<TTile, TRows, TActivation, TGate, TResidual>(MatrixViews views, PointwiseShape shape)
        where TTile : struct, IPointwiseTile<TRows>
        where TRows : struct, IRowSums<TRows>
        where TActivation : struct, IActivation
        where TGate : struct, IGate
        where TResidual : struct, IResidual
    {
        var rows = SharedMemory.Allocate<Float4>(TTile.RowCount * Depth); // [row, depth]
        var weights = SharedMemory.Allocate<Float4>(4 * Depth * TTile.ColumnCount); // [4 · depth, column]
        var tilesAcross = (shape.Outputs + TTile.ColumnCount - 1) / TTile.ColumnCount;
        var firstRow = Grid.IdxX / tilesAcross * TTile.RowCount;
        var firstColumn = Grid.IdxX % tilesAcross * TTile.ColumnCount;
        var column = Group.IdxX % TTile.ColumnCount;
        var row = Group.IdxX / TTile.ColumnCount * TRows.Count;
        var sums = default(TRows);
        for (var first = 0; first < shape.Inputs; first += Depth)
        {
            LoadRows<TTile, TRows, TGate>(rows, views, shape, new(firstRow, first));
            LoadWeights<TTile, TRows>(weights, views, shape, new(first * 4, firstColumn));
            Group.Barrier();
            for (var d = 0; d < Depth; d += 2)
            {
                sums = AddSlice<TTile, TRows>(
                    sums,
                    rows,
                    weights,
                    new(row * Depth + d, 4 * d * TTile.ColumnCount + column)
                );
            }
            Group.Barrier();
        }
        Store<TRows, TActivation, TResidual>(sums, views, shape, new(firstRow + row, firstColumn + column));
    }

    /// <summary>Adds eight input channels; addresses are a constant away from the first ones.</summary>
    private static TRows AddSlice<TTile, TRows>(
        TRows sums,
        ArrayView<Float4> rows,
        ArrayView<Float4> weights,
        MatrixPosition at
    )
        where TTile : struct, IPointwiseTile<TRows>
        where TRows : struct, IRowSums<TRows>
    {
        var x = rows.SubView(at.Row, (TRows.Count - 1) * Depth + 2);
        var w = weights.SubView(at.Column, 7 * TTile.ColumnCount + 1);
        return sums.Add(Block<TTile, TRows>(w, 0), x, 0).Add(Block<TTile, TRows>(w, 4), x, 1);
    }

    private static WeightBlock Block<TTile, TRows>(ArrayView<Float4> weights, int first)
        where TTile : struct, IPointwiseTile<TRows>
        where TRows : struct, IRowSums<TRows> =>
        new(
            weights[first * TTile.ColumnCount],
            weights[(first + 1) * TTile.ColumnCount],
            weights[(first + 2) * TTile.ColumnCount],
            weights[(first + 3) * TTile.ColumnCount]
        );

    private static void LoadRows<TTile, TRows, TGate>(
        ArrayView<Float4> target,
        MatrixViews views,
        PointwiseShape shape,
        MatrixPosition origin
    )
        where TTile : struct, IPointwiseTile<TRows>
        where TRows : struct, IRowSums<TRows>
        where TGate : struct, IGate
    {
        for (var i = Group.IdxX; i < TTile.RowCount * Depth; i += Group.DimX)
        {
            var (row, k) = (origin.Row + i / Depth, origin.Column + i % Depth);
            var value = default(Float4);
            if (row < shape.Rows && k < shape.Inputs)
            {
                var input = views.Input[row * shape.Inputs + k];
                value = TGate.Apply(input, views.Gate, row / shape.Pixels * shape.Inputs + k);
            }
            target[i] = value;
        }
    }

    private static void LoadWeights<TTile, TRows>(
        ArrayView<Float4> target,
        MatrixViews views,
        PointwiseShape shape,
        MatrixPosition origin
    )
        where TTile : struct, IPointwiseTile<TRows>
        where TRows : struct, IRowSums<TRows>
    {
        for (var i = Group.IdxX; i < 4 * Depth * TTile.ColumnCount; i += Group.DimX)
        {
            var (k, column) = (origin.Row + i / TTile.ColumnCount, origin.Column + i % TTile.ColumnCount);
            target[i] =
                k < 4 * shape.Inputs && column < shape.Outputs ? views.Weights[k * shape.Outputs + column] : default;
        }
    }

    private static void Store<TRows, TActivation, TResidual>(
        TRows sums,
        MatrixViews views,
        PointwiseShape shape,
        MatrixPosition at
    )
        where TRows : struct, IRowSums<TRows>
        where TActivation : struct, IActivation
        where TResidual : struct, IResidual
    {
        if (at.Column >= shape.Outputs)
        {
            return;
        }
        var bias = views.Weights[4 * shape.Inputs * shape.Outputs + at.Column];
        for (var i = 0; i < TRows.Count; i++)
        {
            if (at.Row + i < shape.Rows)
            {
                var index = (at.Row + i) * shape.Outputs + at.Column;
                var value = (sums[i] + bias).Activate<TActivation>(shape.Slope);
                views.Output[index] = TResidual.Add(value, views.Residual, index);
            }
        }
    }
}
