using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>The input columns of a strip, counted from the first tap of the first output.</summary>
internal unsafe interface IStripColumns<TVector>
    where TVector : struct
{
    /// <summary>The input of a column, zero outside the image.</summary>
    TVector Load(float* source, int column);
}

/// <summary>All columns are inside.</summary>
internal readonly unsafe struct WholeStrip<TVector, TLanes> : IStripColumns<TVector>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(float* source, int column) => TLanes.Load(source);
}

/// <summary>A strip at the left or right border.</summary>
/// <param name="first">First column inside.</param>
/// <param name="end">Column after the last inside.</param>
internal readonly unsafe struct BorderStrip<TVector, TLanes>(int first, int end) : IStripColumns<TVector>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(float* source, int column) =>
        column >= first && column < end ? TLanes.Load(source) : TLanes.Create(0);
}

/// <summary>
/// Sums of four neighbouring outputs. An input is loaded once for all outputs that see it; an output gets its taps from
/// left to right, as it does on its own.
/// </summary>
internal unsafe struct StripSums<TVector>
    where TVector : struct
{
    public const int Length = 4;

    public TVector First;
    public TVector Second;
    public TVector Third;
    public TVector Fourth;
}

/// <summary>The taps of a kernel row for a strip, for a window's width and its step to the right.</summary>
internal unsafe interface IStripWindow
{
    /// <summary>Taps of a kernel row.</summary>
    static abstract int Kernel { get; }

    /// <summary>Adds a kernel row.</summary>
    /// <param name="sums">What is added to.</param>
    /// <param name="x">The input under the first tap of the first output.</param>
    /// <param name="w">The weight of the first tap.</param>
    /// <param name="pixel">Floats from a pixel, or a tap, to the next.</param>
    /// <param name="columns">The columns.</param>
    static abstract void AddRow<TVector, TLanes, TColumns>(
        ref StripSums<TVector> sums,
        float* x,
        float* w,
        nint pixel,
        TColumns columns
    )
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TColumns : struct, IStripColumns<TVector>;
}
