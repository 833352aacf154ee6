using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// A block of accumulators that stays in registers. Every element is <c>bias + x[0]·w[0] + x[1]·w[1] + ...</c> in that
/// order in every tile, so the bits of a result do not depend on which tile computed it.
/// </summary>
internal unsafe interface ITile<TVector>
    where TVector : struct
{
    static abstract int RowCount { get; }
    static abstract int VectorCount { get; }

    void Start(in TileColumns<TVector> bias);

    /// <summary>Says where the inputs are.</summary>
    /// <param name="x">First row.</param>
    /// <param name="stride">Floats from a row to the next.</param>
    void Read(float* x, nint stride);

    /// <summary>Adds one input channel: <c>x[row·stride + k + ahead]</c> times the weights of the tile's columns.</summary>
    /// <param name="k">The channel, which changes from loop to loop.</param>
    /// <param name="ahead">A constant more; apart, so that it becomes part of an instruction.</param>
    /// <param name="w">The weights.</param>
    void Accumulate(nint k, nint ahead, in TileColumns<TVector> w);

    /// <summary>Writes the sums.</summary>
    void Store(float* y, nint stride);
}

/// <summary>A number for each column of a tile: as many vectors as the tile has, at most two panels.</summary>
internal unsafe struct TileColumns<TVector>
    where TVector : struct
{
    public TVector First,
        Second,
        Third,
        Fourth;

    /// <summary>Reads them.</summary>
    /// <param name="panel">In the first panel.</param>
    /// <param name="panelLength">Floats to the second panel.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileColumns<TVector> Load<TTile, TLanes>(float* panel, nint panelLength)
        where TTile : struct, ITile<TVector>
        where TLanes : struct, ILanes<TVector>
    {
        TileColumns<TVector> columns = default;
        columns.First = TLanes.Load(panel);
        if (TTile.VectorCount > 1)
        {
            columns.Second = TLanes.Load(panel + TLanes.Count);
        }
        if (TTile.VectorCount > 2)
        {
            columns.Third = TLanes.Load(panel + panelLength);
            columns.Fourth = TLanes.Load(panel + panelLength + TLanes.Count);
        }
        return columns;
    }
}

/// <summary>Where a tile is written, and the residual that is read there, or null.</summary>
internal readonly unsafe struct TileOutput(float* y, nint stride, float* residual)
{
    public float* Y => y;
    public nint Stride => stride;
    public float* Residual => residual;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TileOutput Down(nint rows) =>
        new(y + rows * stride, stride, residual == null ? null : residual + rows * stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write<TVector, TLanes, TActivation>(TVector sum, nint row, nint column, TActivation activation)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TActivation : struct, IVectorActivation
    {
        var value = activation.Apply<TVector, TLanes>(sum);
        var at = row * stride + column;
        TLanes.Store(residual == null ? value : TLanes.Add(value, TLanes.Load(residual + at)), y + at);
    }
}

/// <summary>4 rows by 2 vectors.</summary>
internal unsafe struct Tile4x2<TVector, TLanes> : ITile<TVector>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private float* _x;
    private nint _stride;
    private TVector _a0,
        _a1,
        _b0,
        _b1,
        _c0,
        _c1,
        _d0,
        _d1;

    public static int RowCount => 4;
    public static int VectorCount => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start(in TileColumns<TVector> bias)
    {
        _a0 = _b0 = _c0 = _d0 = bias.First;
        _a1 = _b1 = _c1 = _d1 = bias.Second;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(float* x, nint stride)
    {
        _x = x;
        _stride = stride;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accumulate(nint k, nint ahead, in TileColumns<TVector> w)
    {
        var value = TLanes.Create(_x[k + ahead]);
        _a0 = TLanes.MultiplyAdd(value, w.First, _a0);
        _a1 = TLanes.MultiplyAdd(value, w.Second, _a1);
        value = TLanes.Create((_x + _stride)[k + ahead]);
        _b0 = TLanes.MultiplyAdd(value, w.First, _b0);
        _b1 = TLanes.MultiplyAdd(value, w.Second, _b1);
        value = TLanes.Create((_x + 2 * _stride)[k + ahead]);
        _c0 = TLanes.MultiplyAdd(value, w.First, _c0);
        _c1 = TLanes.MultiplyAdd(value, w.Second, _c1);
        value = TLanes.Create((_x + 3 * _stride)[k + ahead]);
        _d0 = TLanes.MultiplyAdd(value, w.First, _d0);
        _d1 = TLanes.MultiplyAdd(value, w.Second, _d1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* y, nint stride)
    {
        TLanes.Store(_a0, y);
        TLanes.Store(_a1, y + TLanes.Count);
        TLanes.Store(_b0, y + stride);
        TLanes.Store(_b1, y + stride + TLanes.Count);
        TLanes.Store(_c0, y + 2 * stride);
        TLanes.Store(_c1, y + 2 * stride + TLanes.Count);
        TLanes.Store(_d0, y + 3 * stride);
        TLanes.Store(_d1, y + 3 * stride + TLanes.Count);
    }
}

/// <summary>4 rows by 1 vector, for the last columns.</summary>
internal unsafe struct Tile4x1<TVector, TLanes> : ITile<TVector>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private float* _x;
    private nint _stride;
    private TVector _a,
        _b,
        _c,
        _d;

    public static int RowCount => 4;
    public static int VectorCount => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start(in TileColumns<TVector> bias) => _a = _b = _c = _d = bias.First;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(float* x, nint stride)
    {
        _x = x;
        _stride = stride;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accumulate(nint k, nint ahead, in TileColumns<TVector> w)
    {
        _a = TLanes.MultiplyAdd(TLanes.Create(_x[k + ahead]), w.First, _a);
        _b = TLanes.MultiplyAdd(TLanes.Create((_x + _stride)[k + ahead]), w.First, _b);
        _c = TLanes.MultiplyAdd(TLanes.Create((_x + 2 * _stride)[k + ahead]), w.First, _c);
        _d = TLanes.MultiplyAdd(TLanes.Create((_x + 3 * _stride)[k + ahead]), w.First, _d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* y, nint stride)
    {
        TLanes.Store(_a, y);
        TLanes.Store(_b, y + stride);
        TLanes.Store(_c, y + 2 * stride);
        TLanes.Store(_d, y + 3 * stride);
    }
}

/// <summary>1 row by 2 vectors, for the last rows.</summary>
internal unsafe struct Tile1x2<TVector, TLanes> : ITile<TVector>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private float* _x;
    private TVector _a0,
        _a1;

    public static int RowCount => 1;
    public static int VectorCount => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start(in TileColumns<TVector> bias) => (_a0, _a1) = (bias.First, bias.Second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(float* x, nint stride) => _x = x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accumulate(nint k, nint ahead, in TileColumns<TVector> w)
    {
        var value = TLanes.Create(_x[k + ahead]);
        _a0 = TLanes.MultiplyAdd(value, w.First, _a0);
        _a1 = TLanes.MultiplyAdd(value, w.Second, _a1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* y, nint stride)
    {
        TLanes.Store(_a0, y);
        TLanes.Store(_a1, y + TLanes.Count);
    }
}

/// <summary>1 row by 1 vector: the last rows of the last columns.</summary>
internal unsafe struct Tile1x1<TVector, TLanes> : ITile<TVector>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private float* _x;
    private TVector _a;

    public static int RowCount => 1;
    public static int VectorCount => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start(in TileColumns<TVector> bias) => _a = bias.First;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(float* x, nint stride) => _x = x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accumulate(nint k, nint ahead, in TileColumns<TVector> w) =>
        _a = TLanes.MultiplyAdd(TLanes.Create(_x[k + ahead]), w.First, _a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* y, nint stride) => TLanes.Store(_a, y);
}

/// <summary>3 rows by 4 vectors: more of them for each input loaded than in a tile over one panel.</summary>
internal unsafe struct Tile3x4<TVector, TLanes> : ITile<TVector>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private float* _x0,
        _x1,
        _x2;
    private TVector _a0,
        _a1,
        _a2,
        _a3,
        _b0,
        _b1,
        _b2,
        _b3,
        _c0,
        _c1,
        _c2,
        _c3;

    public static int RowCount => 3;
    public static int VectorCount => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start(in TileColumns<TVector> bias)
    {
        _a0 = _b0 = _c0 = bias.First;
        _a1 = _b1 = _c1 = bias.Second;
        _a2 = _b2 = _c2 = bias.Third;
        _a3 = _b3 = _c3 = bias.Fourth;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(float* x, nint stride)
    {
        _x0 = x;
        _x1 = x + stride;
        _x2 = x + 2 * stride;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accumulate(nint k, nint ahead, in TileColumns<TVector> w)
    {
        var value = TLanes.Create(_x0[k + ahead]);
        _a0 = TLanes.MultiplyAdd(value, w.First, _a0);
        _a1 = TLanes.MultiplyAdd(value, w.Second, _a1);
        _a2 = TLanes.MultiplyAdd(value, w.Third, _a2);
        _a3 = TLanes.MultiplyAdd(value, w.Fourth, _a3);
        value = TLanes.Create(_x1[k + ahead]);
        _b0 = TLanes.MultiplyAdd(value, w.First, _b0);
        _b1 = TLanes.MultiplyAdd(value, w.Second, _b1);
        _b2 = TLanes.MultiplyAdd(value, w.Third, _b2);
        _b3 = TLanes.MultiplyAdd(value, w.Fourth, _b3);
        value = TLanes.Create(_x2[k + ahead]);
        _c0 = TLanes.MultiplyAdd(value, w.First, _c0);
        _c1 = TLanes.MultiplyAdd(value, w.Second, _c1);
        _c2 = TLanes.MultiplyAdd(value, w.Third, _c2);
        _c3 = TLanes.MultiplyAdd(value, w.Fourth, _c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* y, nint stride)
    {
        StoreRow(y, _a0, _a1, _a2, _a3);
        StoreRow(y + stride, _b0, _b1, _b2, _b3);
        StoreRow(y + 2 * stride, _c0, _c1, _c2, _c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow(float* y, TVector v0, TVector v1, TVector v2, TVector v3)
    {
        TLanes.Store(v0, y);
        TLanes.Store(v1, y + TLanes.Count);
        TLanes.Store(v2, y + 2 * TLanes.Count);
        TLanes.Store(v3, y + 3 * TLanes.Count);
    }
}

/// <summary>1 row by 4 vectors, for the last rows of two panels.</summary>
internal unsafe struct Tile1x4<TVector, TLanes> : ITile<TVector>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private float* _x;
    private TVector _a0,
        _a1,
        _a2,
        _a3;

    public static int RowCount => 1;
    public static int VectorCount => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start(in TileColumns<TVector> bias) =>
        (_a0, _a1, _a2, _a3) = (bias.First, bias.Second, bias.Third, bias.Fourth);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(float* x, nint stride) => _x = x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accumulate(nint k, nint ahead, in TileColumns<TVector> w)
    {
        var value = TLanes.Create(_x[k + ahead]);
        _a0 = TLanes.MultiplyAdd(value, w.First, _a0);
        _a1 = TLanes.MultiplyAdd(value, w.Second, _a1);
        _a2 = TLanes.MultiplyAdd(value, w.Third, _a2);
        _a3 = TLanes.MultiplyAdd(value, w.Fourth, _a3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* y, nint stride)
    {
        TLanes.Store(_a0, y);
        TLanes.Store(_a1, y + TLanes.Count);
        TLanes.Store(_a2, y + 2 * TLanes.Count);
        TLanes.Store(_a3, y + 3 * TLanes.Count);
    }
}

/// <summary>A tile below another one.</summary>
internal unsafe struct Stack<TVector, TTop, TBottom> : ITile<TVector>
    where TVector : struct
    where TTop : struct, ITile<TVector>
    where TBottom : struct, ITile<TVector>
{
    private TTop _top;
    private TBottom _bottom;

    public static int RowCount
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TTop.RowCount + TBottom.RowCount;
    }

    public static int VectorCount
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TTop.VectorCount;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start(in TileColumns<TVector> bias)
    {
        (_top, _bottom) = (default, default);
        _top.Start(bias);
        _bottom.Start(bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(float* x, nint stride)
    {
        _top.Read(x, stride);
        _bottom.Read(x + TTop.RowCount * stride, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accumulate(nint k, nint ahead, in TileColumns<TVector> w)
    {
        _top.Accumulate(k, ahead, w);
        _bottom.Accumulate(k, ahead, w);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* y, nint stride)
    {
        _top.Store(y, stride);
        _bottom.Store(y + TTop.RowCount * stride, stride);
    }
}
