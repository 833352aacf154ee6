using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>Sums of four neighbouring outputs. Each gets its taps from left to right, as it does on its own.</summary>
internal unsafe struct StripSums<TVector>
    where TVector : struct
{
    public const int Length = 4;

    public TVector First,
        Second,
        Third,
        Fourth;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start(TVector bias) => First = Second = Third = Fourth = bias;

    /// <summary>Writes the outputs.</summary>
    /// <param name="y">The first.</param>
    /// <param name="pixelBytes">From one to the next.</param>
    /// <param name="activation">Applied to each.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Write<TLanes, TActivation>(float* y, nint pixelBytes, TActivation activation)
        where TLanes : struct, ILanes<TVector>
        where TActivation : struct, IVectorActivation
    {
        var second = (float*)((byte*)y + pixelBytes);
        TLanes.Store(activation.Apply<TVector, TLanes>(First), y);
        TLanes.Store(activation.Apply<TVector, TLanes>(Second), second);
        TLanes.Store(activation.Apply<TVector, TLanes>(Third), (float*)((byte*)y + 2 * pixelBytes));
        TLanes.Store(activation.Apply<TVector, TLanes>(Fourth), (float*)((byte*)second + 2 * pixelBytes));
    }
}

/// <summary>Weights of three taps.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly unsafe struct Taps3<TVector, TLanes>(float* w)
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private readonly TVector _w0 = TLanes.Load(w);
    private readonly TVector _w1 = TLanes.Load(w + TLanes.Count);
    private readonly TVector _w2 = TLanes.Load(w + 2 * TLanes.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Add(TVector sum, TVector x0, TVector x1, TVector x2) =>
        TLanes.MultiplyAdd(x2, _w2, TLanes.MultiplyAdd(x1, _w1, TLanes.MultiplyAdd(x0, _w0, sum)));
}

/// <summary>A kernel row over a strip, for a window's width and its step to the right.</summary>
internal unsafe interface IStripWindow
{
    /// <summary>Taps of a kernel row and column.</summary>
    static abstract int Kernel { get; }

    /// <summary>Input rows from an output to the one below.</summary>
    static abstract int Stride { get; }

    /// <summary>Input columns that the four outputs see.</summary>
    static abstract int ColumnCount { get; }

    /// <summary>Adds a kernel row.</summary>
    /// <param name="sums">What is added to.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="w">The weights, those of a tap behind those of the one before.</param>
    static abstract void Add<TVector, TLanes>(ref StripSums<TVector> sums, in StripInputs<TVector> x, float* w)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>;
}

/// <summary>3x3, stride 1.</summary>
internal readonly unsafe struct Window3 : IStripWindow
{
    public static int Kernel => 3;
    public static int Stride => 1;
    public static int ColumnCount => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TVector, TLanes>(ref StripSums<TVector> sums, in StripInputs<TVector> x, float* w)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        var taps = new Taps3<TVector, TLanes>(w);
        sums.First = taps.Add(sums.First, x.C0, x.C1, x.C2);
        sums.Second = taps.Add(sums.Second, x.C1, x.C2, x.C3);
        sums.Third = taps.Add(sums.Third, x.C2, x.C3, x.C4);
        sums.Fourth = taps.Add(sums.Fourth, x.C3, x.C4, x.C5);
    }
}

/// <summary>3x3, stride 2.</summary>
internal readonly unsafe struct Window3Stride2 : IStripWindow
{
    public static int Kernel => 3;
    public static int Stride => 2;
    public static int ColumnCount => 9;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TVector, TLanes>(ref StripSums<TVector> sums, in StripInputs<TVector> x, float* w)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        var taps = new Taps3<TVector, TLanes>(w);
        sums.First = taps.Add(sums.First, x.C0, x.C1, x.C2);
        sums.Second = taps.Add(sums.Second, x.C2, x.C3, x.C4);
        sums.Third = taps.Add(sums.Third, x.C4, x.C5, x.C6);
        sums.Fourth = taps.Add(sums.Fourth, x.C6, x.C7, x.C8);
    }
}

/// <summary>5x5, stride 1: the taps of 3x3 and two more.</summary>
internal readonly unsafe struct Window5 : IStripWindow
{
    public static int Kernel => 5;
    public static int Stride => 1;
    public static int ColumnCount => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TVector, TLanes>(ref StripSums<TVector> sums, in StripInputs<TVector> x, float* w)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        Window3.Add<TVector, TLanes>(ref sums, x, w);
        var (w3, w4) = (TLanes.Load(w + 3 * TLanes.Count), TLanes.Load(w + 4 * TLanes.Count));
        sums.First = TLanes.MultiplyAdd(x.C4, w4, TLanes.MultiplyAdd(x.C3, w3, sums.First));
        sums.Second = TLanes.MultiplyAdd(x.C5, w4, TLanes.MultiplyAdd(x.C4, w3, sums.Second));
        sums.Third = TLanes.MultiplyAdd(x.C6, w4, TLanes.MultiplyAdd(x.C5, w3, sums.Third));
        sums.Fourth = TLanes.MultiplyAdd(x.C7, w4, TLanes.MultiplyAdd(x.C6, w3, sums.Fourth));
    }
}

/// <summary>5x5, stride 2: the taps of 3x3 and two more.</summary>
internal readonly unsafe struct Window5Stride2 : IStripWindow
{
    public static int Kernel => 5;
    public static int Stride => 2;
    public static int ColumnCount => 11;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TVector, TLanes>(ref StripSums<TVector> sums, in StripInputs<TVector> x, float* w)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        Window3Stride2.Add<TVector, TLanes>(ref sums, x, w);
        var (w3, w4) = (TLanes.Load(w + 3 * TLanes.Count), TLanes.Load(w + 4 * TLanes.Count));
        sums.First = TLanes.MultiplyAdd(x.C4, w4, TLanes.MultiplyAdd(x.C3, w3, sums.First));
        sums.Second = TLanes.MultiplyAdd(x.C6, w4, TLanes.MultiplyAdd(x.C5, w3, sums.Second));
        sums.Third = TLanes.MultiplyAdd(x.C8, w4, TLanes.MultiplyAdd(x.C7, w3, sums.Third));
        sums.Fourth = TLanes.MultiplyAdd(x.C10, w4, TLanes.MultiplyAdd(x.C9, w3, sums.Fourth));
    }
}

/// <summary>The same with rows two apart, whatever the columns are: text lines are halved in height alone.</summary>
internal readonly unsafe struct HalvingRows<TWindow> : IStripWindow
    where TWindow : struct, IStripWindow
{
    public static int Kernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TWindow.Kernel;
    }

    public static int Stride => 2;

    public static int ColumnCount
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TWindow.ColumnCount;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TVector, TLanes>(ref StripSums<TVector> sums, in StripInputs<TVector> x, float* w)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> => TWindow.Add<TVector, TLanes>(ref sums, x, w);
}
