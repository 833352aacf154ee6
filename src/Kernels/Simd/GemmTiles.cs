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

    /// <summary>Writes the sums, brought between bounds.</summary>
    /// <param name="y">The first.</param>
    /// <param name="stride">Floats from a row to the next.</param>
    /// <param name="bounds">The bounds.</param>
    void Store(float* y, nint stride, in TileBounds<TVector> bounds);
}

/// <summary>What sums are brought between: the activations ReLU and ReLU6, or no bounds at all.</summary>
internal struct TileBounds<TVector>
    where TVector : struct
{
    public TVector Least,
        Most;

    /// <summary>The bounds of an activation.</summary>
    /// <param name="bounds">For every element.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileBounds<TVector> Create<TLanes>((float Least, float Most) bounds)
        where TLanes : struct, ILanes<TVector>
    {
        TileBounds<TVector> vectors = default;
        vectors.Least = TLanes.Create(bounds.Least);
        vectors.Most = TLanes.Create(bounds.Most);
        return vectors;
    }
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
    public void Store(float* y, nint stride, in TileBounds<TVector> bounds)
    {
        TLanes.StoreBetween(_a0, bounds.Least, bounds.Most, y);
        TLanes.StoreBetween(_a1, bounds.Least, bounds.Most, y + TLanes.Count);
        TLanes.StoreBetween(_b0, bounds.Least, bounds.Most, y + stride);
        TLanes.StoreBetween(_b1, bounds.Least, bounds.Most, y + stride + TLanes.Count);
        TLanes.StoreBetween(_c0, bounds.Least, bounds.Most, y + 2 * stride);
        TLanes.StoreBetween(_c1, bounds.Least, bounds.Most, y + 2 * stride + TLanes.Count);
        TLanes.StoreBetween(_d0, bounds.Least, bounds.Most, y + 3 * stride);
        TLanes.StoreBetween(_d1, bounds.Least, bounds.Most, y + 3 * stride + TLanes.Count);
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
    public void Store(float* y, nint stride, in TileBounds<TVector> bounds)
    {
        TLanes.StoreBetween(_a, bounds.Least, bounds.Most, y);
        TLanes.StoreBetween(_b, bounds.Least, bounds.Most, y + stride);
        TLanes.StoreBetween(_c, bounds.Least, bounds.Most, y + 2 * stride);
        TLanes.StoreBetween(_d, bounds.Least, bounds.Most, y + 3 * stride);
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
    public void Store(float* y, nint stride, in TileBounds<TVector> bounds)
    {
        TLanes.StoreBetween(_a0, bounds.Least, bounds.Most, y);
        TLanes.StoreBetween(_a1, bounds.Least, bounds.Most, y + TLanes.Count);
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
    public void Store(float* y, nint stride, in TileBounds<TVector> bounds) =>
        TLanes.StoreBetween(_a, bounds.Least, bounds.Most, y);
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
    public void Store(float* y, nint stride, in TileBounds<TVector> bounds)
    {
        StoreRow(y, bounds, _a0, _a1, _a2, _a3);
        StoreRow(y + stride, bounds, _b0, _b1, _b2, _b3);
        StoreRow(y + 2 * stride, bounds, _c0, _c1, _c2, _c3);
    }

    /// <summary>Stores the sums of a row.</summary>
    /// <param name="y">Where they go.</param>
    /// <param name="bounds">What they are brought between.</param>
    /// <param name="v0">The first of its vectors.</param>
    /// <param name="v1">The second.</param>
    /// <param name="v2">The third.</param>
    /// <param name="v3">The fourth.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRow(float* y, in TileBounds<TVector> bounds, TVector v0, TVector v1, TVector v2, TVector v3)
    {
        TLanes.StoreBetween(v0, bounds.Least, bounds.Most, y);
        TLanes.StoreBetween(v1, bounds.Least, bounds.Most, y + TLanes.Count);
        TLanes.StoreBetween(v2, bounds.Least, bounds.Most, y + 2 * TLanes.Count);
        TLanes.StoreBetween(v3, bounds.Least, bounds.Most, y + 3 * TLanes.Count);
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
    public void Store(float* y, nint stride, in TileBounds<TVector> bounds) =>
        Tile3x4<TVector, TLanes>.StoreRow(y, bounds, _a0, _a1, _a2, _a3);
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
    public void Store(float* y, nint stride, in TileBounds<TVector> bounds)
    {
        _top.Store(y, stride, bounds);
        _bottom.Store(y + TTop.RowCount * stride, stride, bounds);
    }
}
