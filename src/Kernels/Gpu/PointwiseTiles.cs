using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>The parts of the output that a group of threads computes; named by rows and channels.</summary>
internal enum PointwiseTile
{
    /// <summary>64 pixels, 64 channels: most reuse.</summary>
    Rows64Channels64,

    /// <summary>128 pixels, 32 channels: for few output channels.</summary>
    Rows128Channels32,

    /// <summary>32 pixels, 64 channels.</summary>
    Rows32Channels64,

    /// <summary>16 pixels, 32 channels: for few pixels and many channels, where larger tiles leave most of a device idle.</summary>
    Rows16Channels32,
}

/// <summary>A tile as a type: its size, and the rows that a thread keeps in registers.</summary>
/// <typeparam name="TRows">The rows of a thread.</typeparam>
internal interface IPointwiseTile<TRows>
    where TRows : struct, IRowSums<TRows>
{
    /// <summary>Pixels of a tile.</summary>
    static abstract int RowCount { get; }

    /// <summary>Output channels of a tile, in <see cref="Float4"/>.</summary>
    static abstract int ColumnCount { get; }
}

internal readonly struct Tile64x64 : IPointwiseTile<EightRows>
{
    public static int RowCount => 64;
    public static int ColumnCount => 16;
}

internal readonly struct Tile128x32 : IPointwiseTile<EightRows>
{
    public static int RowCount => 128;
    public static int ColumnCount => 8;
}

internal readonly struct Tile32x64 : IPointwiseTile<FourRows>
{
    public static int RowCount => 32;
    public static int ColumnCount => 16;
}

internal readonly struct Tile16x32 : IPointwiseTile<TwoRows>
{
    public static int RowCount => 16;
    public static int ColumnCount => 8;
}

/// <summary>Four input channels' weights for four output channels.</summary>
/// <param name="k0">Weights of the first input channel.</param>
/// <param name="k1">Weights of the second.</param>
/// <param name="k2">Weights of the third.</param>
/// <param name="k3">Weights of the fourth.</param>
internal readonly struct WeightBlock(Float4 k0, Float4 k1, Float4 k2, Float4 k3)
{
    /// <summary><c>sum + x · W</c>, in the order of the input channels.</summary>
    public Float4 AddTo(Float4 sum, Float4 x) => sum.Add(k0, x.X).Add(k1, x.Y).Add(k2, x.Z).Add(k3, x.W);
}

/// <summary>The sums of some neighbouring rows for four output channels, in registers.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
internal interface IRowSums<TSelf>
    where TSelf : struct, IRowSums<TSelf>
{
    /// <summary>Rows.</summary>
    static abstract int Count { get; }

    /// <summary>Adds four input channels of every row.</summary>
    /// <param name="weights">Their weights.</param>
    /// <param name="rows">Inputs in shared memory, <see cref="PointwiseConvKernel.Depth"/> from one row to the next.</param>
    /// <param name="first">Where the first row is.</param>
    TSelf Add(WeightBlock weights, ArrayView<Float4> rows, int first);

    /// <summary>The sum of a row.</summary>
    /// <param name="row">From 0 to <see cref="Count"/> - 1, known to the compiler after unrolling.</param>
    Float4 this[int row] { get; }
}

internal readonly struct OneRow(Float4 r0) : IRowSums<OneRow>
{
    public static int Count => 1;

    public OneRow Add(WeightBlock weights, ArrayView<Float4> rows, int first) => new(weights.AddTo(r0, rows[first]));

    public Float4 this[int row] => r0;
}

internal readonly struct TwoRows(Float4 r0, Float4 r1) : IRowSums<TwoRows>
{
    public static int Count => 2;

    public TwoRows Add(WeightBlock weights, ArrayView<Float4> rows, int first) =>
        new(weights.AddTo(r0, rows[first]), weights.AddTo(r1, rows[first + PointwiseConvKernel.Depth]));

    public Float4 this[int row] => row == 0 ? r0 : r1;
}

internal readonly struct FourRows(TwoRows low, TwoRows high) : IRowSums<FourRows>
{
    public static int Count => 4;

    public FourRows Add(WeightBlock weights, ArrayView<Float4> rows, int first) =>
        new(low.Add(weights, rows, first), high.Add(weights, rows, first + 2 * PointwiseConvKernel.Depth));

    public Float4 this[int row] => row < 2 ? low[row] : high[row - 2];
}

internal readonly struct EightRows(FourRows low, FourRows high) : IRowSums<EightRows>
{
    public static int Count => 8;

    public EightRows Add(WeightBlock weights, ArrayView<Float4> rows, int first) =>
        new(low.Add(weights, rows, first), high.Add(weights, rows, first + 4 * PointwiseConvKernel.Depth));

    public Float4 this[int row] => row < 4 ? low[row] : high[row - 4];
}
