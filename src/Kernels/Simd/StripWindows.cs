using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>3 taps, stride 1.</summary>
internal readonly unsafe struct Window3 : IStripWindow
{
    public static int Kernel => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddRow<TVector, TLanes, TColumns>(
        ref StripSums<TVector> sums,
        float* x,
        float* w,
        nint pixel,
        TColumns columns
    )
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TColumns : struct, IStripColumns<TVector>
    {
        var w0 = TLanes.Load(w);
        var w1 = TLanes.Load(w + pixel);
        var w2 = TLanes.Load(w + 2 * pixel);
        var x0 = columns.Load(x, 0);
        var x1 = columns.Load(x + pixel, 1);
        var x2 = columns.Load(x + 2 * pixel, 2);
        sums.First = TLanes.MultiplyAdd(x0, w0, sums.First);
        sums.First = TLanes.MultiplyAdd(x1, w1, sums.First);
        sums.First = TLanes.MultiplyAdd(x2, w2, sums.First);
        var x3 = columns.Load(x + 3 * pixel, 3);
        sums.Second = TLanes.MultiplyAdd(x1, w0, sums.Second);
        sums.Second = TLanes.MultiplyAdd(x2, w1, sums.Second);
        sums.Second = TLanes.MultiplyAdd(x3, w2, sums.Second);
        var x4 = columns.Load(x + 4 * pixel, 4);
        sums.Third = TLanes.MultiplyAdd(x2, w0, sums.Third);
        sums.Third = TLanes.MultiplyAdd(x3, w1, sums.Third);
        sums.Third = TLanes.MultiplyAdd(x4, w2, sums.Third);
        var x5 = columns.Load(x + 5 * pixel, 5);
        sums.Fourth = TLanes.MultiplyAdd(x3, w0, sums.Fourth);
        sums.Fourth = TLanes.MultiplyAdd(x4, w1, sums.Fourth);
        sums.Fourth = TLanes.MultiplyAdd(x5, w2, sums.Fourth);
    }
}

/// <summary>3 taps, stride 2.</summary>
internal readonly unsafe struct Window3Stride2 : IStripWindow
{
    public static int Kernel => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddRow<TVector, TLanes, TColumns>(
        ref StripSums<TVector> sums,
        float* x,
        float* w,
        nint pixel,
        TColumns columns
    )
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TColumns : struct, IStripColumns<TVector>
    {
        var w0 = TLanes.Load(w);
        var w1 = TLanes.Load(w + pixel);
        var w2 = TLanes.Load(w + 2 * pixel);
        var x0 = columns.Load(x, 0);
        var x1 = columns.Load(x + pixel, 1);
        var x2 = columns.Load(x + 2 * pixel, 2);
        sums.First = TLanes.MultiplyAdd(x0, w0, sums.First);
        sums.First = TLanes.MultiplyAdd(x1, w1, sums.First);
        sums.First = TLanes.MultiplyAdd(x2, w2, sums.First);
        var x3 = columns.Load(x + 3 * pixel, 3);
        var x4 = columns.Load(x + 4 * pixel, 4);
        sums.Second = TLanes.MultiplyAdd(x2, w0, sums.Second);
        sums.Second = TLanes.MultiplyAdd(x3, w1, sums.Second);
        sums.Second = TLanes.MultiplyAdd(x4, w2, sums.Second);
        var x5 = columns.Load(x + 5 * pixel, 5);
        var x6 = columns.Load(x + 6 * pixel, 6);
        sums.Third = TLanes.MultiplyAdd(x4, w0, sums.Third);
        sums.Third = TLanes.MultiplyAdd(x5, w1, sums.Third);
        sums.Third = TLanes.MultiplyAdd(x6, w2, sums.Third);
        var x7 = columns.Load(x + 7 * pixel, 7);
        var x8 = columns.Load(x + 8 * pixel, 8);
        sums.Fourth = TLanes.MultiplyAdd(x6, w0, sums.Fourth);
        sums.Fourth = TLanes.MultiplyAdd(x7, w1, sums.Fourth);
        sums.Fourth = TLanes.MultiplyAdd(x8, w2, sums.Fourth);
    }
}

/// <summary>5 taps, stride 1.</summary>
internal readonly unsafe struct Window5 : IStripWindow
{
    public static int Kernel => 5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddRow<TVector, TLanes, TColumns>(
        ref StripSums<TVector> sums,
        float* x,
        float* w,
        nint pixel,
        TColumns columns
    )
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TColumns : struct, IStripColumns<TVector>
    {
        var w0 = TLanes.Load(w);
        var w1 = TLanes.Load(w + pixel);
        var w2 = TLanes.Load(w + 2 * pixel);
        var w3 = TLanes.Load(w + 3 * pixel);
        var w4 = TLanes.Load(w + 4 * pixel);
        var x0 = columns.Load(x, 0);
        var x1 = columns.Load(x + pixel, 1);
        var x2 = columns.Load(x + 2 * pixel, 2);
        var x3 = columns.Load(x + 3 * pixel, 3);
        var x4 = columns.Load(x + 4 * pixel, 4);
        sums.First = TLanes.MultiplyAdd(x0, w0, sums.First);
        sums.First = TLanes.MultiplyAdd(x1, w1, sums.First);
        sums.First = TLanes.MultiplyAdd(x2, w2, sums.First);
        sums.First = TLanes.MultiplyAdd(x3, w3, sums.First);
        sums.First = TLanes.MultiplyAdd(x4, w4, sums.First);
        var x5 = columns.Load(x + 5 * pixel, 5);
        sums.Second = TLanes.MultiplyAdd(x1, w0, sums.Second);
        sums.Second = TLanes.MultiplyAdd(x2, w1, sums.Second);
        sums.Second = TLanes.MultiplyAdd(x3, w2, sums.Second);
        sums.Second = TLanes.MultiplyAdd(x4, w3, sums.Second);
        sums.Second = TLanes.MultiplyAdd(x5, w4, sums.Second);
        var x6 = columns.Load(x + 6 * pixel, 6);
        sums.Third = TLanes.MultiplyAdd(x2, w0, sums.Third);
        sums.Third = TLanes.MultiplyAdd(x3, w1, sums.Third);
        sums.Third = TLanes.MultiplyAdd(x4, w2, sums.Third);
        sums.Third = TLanes.MultiplyAdd(x5, w3, sums.Third);
        sums.Third = TLanes.MultiplyAdd(x6, w4, sums.Third);
        var x7 = columns.Load(x + 7 * pixel, 7);
        sums.Fourth = TLanes.MultiplyAdd(x3, w0, sums.Fourth);
        sums.Fourth = TLanes.MultiplyAdd(x4, w1, sums.Fourth);
        sums.Fourth = TLanes.MultiplyAdd(x5, w2, sums.Fourth);
        sums.Fourth = TLanes.MultiplyAdd(x6, w3, sums.Fourth);
        sums.Fourth = TLanes.MultiplyAdd(x7, w4, sums.Fourth);
    }
}

/// <summary>5 taps, stride 2.</summary>
internal readonly unsafe struct Window5Stride2 : IStripWindow
{
    public static int Kernel => 5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddRow<TVector, TLanes, TColumns>(
        ref StripSums<TVector> sums,
        float* x,
        float* w,
        nint pixel,
        TColumns columns
    )
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TColumns : struct, IStripColumns<TVector>
    {
        var w0 = TLanes.Load(w);
        var w1 = TLanes.Load(w + pixel);
        var w2 = TLanes.Load(w + 2 * pixel);
        var w3 = TLanes.Load(w + 3 * pixel);
        var w4 = TLanes.Load(w + 4 * pixel);
        var x0 = columns.Load(x, 0);
        var x1 = columns.Load(x + pixel, 1);
        var x2 = columns.Load(x + 2 * pixel, 2);
        var x3 = columns.Load(x + 3 * pixel, 3);
        var x4 = columns.Load(x + 4 * pixel, 4);
        sums.First = TLanes.MultiplyAdd(x0, w0, sums.First);
        sums.First = TLanes.MultiplyAdd(x1, w1, sums.First);
        sums.First = TLanes.MultiplyAdd(x2, w2, sums.First);
        sums.First = TLanes.MultiplyAdd(x3, w3, sums.First);
        sums.First = TLanes.MultiplyAdd(x4, w4, sums.First);
        var x5 = columns.Load(x + 5 * pixel, 5);
        var x6 = columns.Load(x + 6 * pixel, 6);
        sums.Second = TLanes.MultiplyAdd(x2, w0, sums.Second);
        sums.Second = TLanes.MultiplyAdd(x3, w1, sums.Second);
        sums.Second = TLanes.MultiplyAdd(x4, w2, sums.Second);
        sums.Second = TLanes.MultiplyAdd(x5, w3, sums.Second);
        sums.Second = TLanes.MultiplyAdd(x6, w4, sums.Second);
        var x7 = columns.Load(x + 7 * pixel, 7);
        var x8 = columns.Load(x + 8 * pixel, 8);
        sums.Third = TLanes.MultiplyAdd(x4, w0, sums.Third);
        sums.Third = TLanes.MultiplyAdd(x5, w1, sums.Third);
        sums.Third = TLanes.MultiplyAdd(x6, w2, sums.Third);
        sums.Third = TLanes.MultiplyAdd(x7, w3, sums.Third);
        sums.Third = TLanes.MultiplyAdd(x8, w4, sums.Third);
        var x9 = columns.Load(x + 9 * pixel, 9);
        var x10 = columns.Load(x + 10 * pixel, 10);
        sums.Fourth = TLanes.MultiplyAdd(x6, w0, sums.Fourth);
        sums.Fourth = TLanes.MultiplyAdd(x7, w1, sums.Fourth);
        sums.Fourth = TLanes.MultiplyAdd(x8, w2, sums.Fourth);
        sums.Fourth = TLanes.MultiplyAdd(x9, w3, sums.Fourth);
        sums.Fourth = TLanes.MultiplyAdd(x10, w4, sums.Fourth);
    }
}
