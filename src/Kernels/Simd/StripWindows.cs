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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Write<TLanes, TActivation>(in TileOutput output, nint channel, TActivation activation)
        where TLanes : struct, ILanes<TVector>
        where TActivation : struct, IVectorActivation
    {
        output.Write<TVector, TLanes, TActivation>(First, 0, channel, activation);
        output.Write<TVector, TLanes, TActivation>(Second, 1, channel, activation);
        output.Write<TVector, TLanes, TActivation>(Third, 2, channel, activation);
        output.Write<TVector, TLanes, TActivation>(Fourth, 3, channel, activation);
    }
}

/// <summary>Weights of three taps.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly unsafe struct Taps3<TVector, TLanes>(float* w, nint pixel)
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private readonly TVector _w0 = TLanes.Load(w);
    private readonly TVector _w1 = TLanes.Load(w + pixel);
    private readonly TVector _w2 = TLanes.Load(w + 2 * pixel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Add(TVector sum, TVector x0, TVector x1, TVector x2) =>
        TLanes.MultiplyAdd(x2, _w2, TLanes.MultiplyAdd(x1, _w1, TLanes.MultiplyAdd(x0, _w0, sum)));
}

/// <summary>A kernel row over a strip, for a window's width and its step to the right.</summary>
internal unsafe interface IStripWindow
{
    /// <summary>Taps of a kernel row and column.</summary>
    static abstract int Kernel { get; }

    /// <summary>Input columns from an output to the next, and rows.</summary>
    static abstract int Stride { get; }

    /// <summary>Input columns that the four outputs see.</summary>
    static abstract int ColumnCount { get; }

    /// <summary>Adds a kernel row.</summary>
    /// <param name="sums">What is added to.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="w">The weight of the first tap.</param>
    /// <param name="pixel">Floats from a tap to the next.</param>
    static abstract void Add<TVector, TLanes>(
        ref StripSums<TVector> sums,
        in StripInputs<TVector> x,
        float* w,
        nint pixel
    )
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
    public static void Add<TVector, TLanes>(
        ref StripSums<TVector> sums,
        in StripInputs<TVector> x,
        float* w,
        nint pixel
    )
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        var taps = new Taps3<TVector, TLanes>(w, pixel);
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
    public static void Add<TVector, TLanes>(
        ref StripSums<TVector> sums,
        in StripInputs<TVector> x,
        float* w,
        nint pixel
    )
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        var taps = new Taps3<TVector, TLanes>(w, pixel);
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
    public static void Add<TVector, TLanes>(
        ref StripSums<TVector> sums,
        in StripInputs<TVector> x,
        float* w,
        nint pixel
    )
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        Window3.Add<TVector, TLanes>(ref sums, x, w, pixel);
        var (w3, w4) = (TLanes.Load(w + 3 * pixel), TLanes.Load(w + 4 * pixel));
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
    public static void Add<TVector, TLanes>(
        ref StripSums<TVector> sums,
        in StripInputs<TVector> x,
        float* w,
        nint pixel
    )
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        Window3Stride2.Add<TVector, TLanes>(ref sums, x, w, pixel);
        var (w3, w4) = (TLanes.Load(w + 3 * pixel), TLanes.Load(w + 4 * pixel));
        sums.First = TLanes.MultiplyAdd(x.C4, w4, TLanes.MultiplyAdd(x.C3, w3, sums.First));
        sums.Second = TLanes.MultiplyAdd(x.C6, w4, TLanes.MultiplyAdd(x.C5, w3, sums.Second));
        sums.Third = TLanes.MultiplyAdd(x.C8, w4, TLanes.MultiplyAdd(x.C7, w3, sums.Third));
        sums.Fourth = TLanes.MultiplyAdd(x.C10, w4, TLanes.MultiplyAdd(x.C9, w3, sums.Fourth));
    }
}
