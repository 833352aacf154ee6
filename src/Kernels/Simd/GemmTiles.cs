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

    void Start(TVector bias0, TVector bias1);

    /// <summary>Adds one input channel: <c>x[row·stride]</c> times the weights of the tile's columns.</summary>
    void Accumulate(float* x, nint stride, TVector w0, TVector w1);

    /// <summary>Writes the sums.</summary>
    void Store(float* y, nint stride);
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
    public void Start(TVector bias0, TVector bias1)
    {
        _a0 = _b0 = _c0 = _d0 = bias0;
        _a1 = _b1 = _c1 = _d1 = bias1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accumulate(float* x, nint stride, TVector w0, TVector w1)
    {
        var value = TLanes.Create(x[0]);
        _a0 = TLanes.MultiplyAdd(value, w0, _a0);
        _a1 = TLanes.MultiplyAdd(value, w1, _a1);
        value = TLanes.Create(x[stride]);
        _b0 = TLanes.MultiplyAdd(value, w0, _b0);
        _b1 = TLanes.MultiplyAdd(value, w1, _b1);
        value = TLanes.Create(x[2 * stride]);
        _c0 = TLanes.MultiplyAdd(value, w0, _c0);
        _c1 = TLanes.MultiplyAdd(value, w1, _c1);
        value = TLanes.Create(x[3 * stride]);
        _d0 = TLanes.MultiplyAdd(value, w0, _d0);
        _d1 = TLanes.MultiplyAdd(value, w1, _d1);
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
    private TVector _a,
        _b,
        _c,
        _d;

    public static int RowCount => 4;
    public static int VectorCount => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start(TVector bias0, TVector bias1) => _a = _b = _c = _d = bias0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accumulate(float* x, nint stride, TVector w0, TVector w1)
    {
        _a = TLanes.MultiplyAdd(TLanes.Create(x[0]), w0, _a);
        _b = TLanes.MultiplyAdd(TLanes.Create(x[stride]), w0, _b);
        _c = TLanes.MultiplyAdd(TLanes.Create(x[2 * stride]), w0, _c);
        _d = TLanes.MultiplyAdd(TLanes.Create(x[3 * stride]), w0, _d);
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
    private TVector _a0,
        _a1;

    public static int RowCount => 1;
    public static int VectorCount => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start(TVector bias0, TVector bias1) => (_a0, _a1) = (bias0, bias1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accumulate(float* x, nint stride, TVector w0, TVector w1)
    {
        var value = TLanes.Create(x[0]);
        _a0 = TLanes.MultiplyAdd(value, w0, _a0);
        _a1 = TLanes.MultiplyAdd(value, w1, _a1);
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
    private TVector _a;

    public static int RowCount => 1;
    public static int VectorCount => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start(TVector bias0, TVector bias1) => _a = bias0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accumulate(float* x, nint stride, TVector w0, TVector w1) =>
        _a = TLanes.MultiplyAdd(TLanes.Create(x[0]), w0, _a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* y, nint stride) => TLanes.Store(_a, y);
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
    public void Start(TVector bias0, TVector bias1)
    {
        (_top, _bottom) = (default, default);
        _top.Start(bias0, bias1);
        _bottom.Start(bias0, bias1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accumulate(float* x, nint stride, TVector w0, TVector w1)
    {
        _top.Accumulate(x, stride, w0, w1);
        _bottom.Accumulate(x + TTop.RowCount * stride, stride, w0, w1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* y, nint stride)
    {
        _top.Store(y, stride);
        _bottom.Store(y + TTop.RowCount * stride, stride);
    }
}
