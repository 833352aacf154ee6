using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>The input columns under a strip of outputs, counted from the first tap of the first output.</summary>
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

/// <summary>A number that is known to the JIT.</summary>
internal interface ICount
{
    static abstract int Value { get; }
}

internal readonly struct One : ICount
{
    public static int Value => 1;
}

internal readonly struct Two : ICount
{
    public static int Value => 2;
}

/// <summary>The first columns are outside: a strip at the left border.</summary>
internal readonly unsafe struct LeftStrip<TVector, TLanes, TOutside> : IStripColumns<TVector>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
    where TOutside : struct, ICount
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(float* source, int column) => column < TOutside.Value ? TLanes.Create(0) : TLanes.Load(source);
}

/// <summary>The last columns are outside: a strip at the right border.</summary>
internal readonly unsafe struct RightStrip<TVector, TLanes, TWindow, TOutside> : IStripColumns<TVector>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
    where TWindow : struct, IStripWindow
    where TOutside : struct, ICount
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(float* source, int column) =>
        column >= TWindow.ColumnCount - TOutside.Value ? TLanes.Create(0) : TLanes.Load(source);
}

/// <summary>Any other range of columns is inside: a narrow image, or much padding.</summary>
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

/// <summary>Inputs of one row under a strip, each loaded once for all outputs that see it.</summary>
internal unsafe struct StripInputs<TVector>
    where TVector : struct
{
    public TVector C0,
        C1,
        C2,
        C3,
        C4,
        C5,
        C6,
        C7,
        C8,
        C9,
        C10;

    /// <summary>Loads the columns that a window needs.</summary>
    /// <param name="x">The first column.</param>
    /// <param name="pixel">Floats from a column to the next.</param>
    /// <param name="columns">The columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StripInputs<TVector> Load<TWindow, TColumns>(float* x, nint pixel, TColumns columns)
        where TWindow : struct, IStripWindow
        where TColumns : struct, IStripColumns<TVector>
    {
        StripInputs<TVector> inputs = default;
        var pixelBytes = pixel * sizeof(float);
        inputs.C0 = columns.Load(x, 0);
        inputs.C1 = columns.Load((float*)((byte*)x + pixelBytes), 1);
        inputs.C2 = columns.Load((float*)((byte*)x + 2 * pixelBytes), 2);
        x += 3 * pixel;
        inputs.C3 = columns.Load(x, 3);
        inputs.C4 = columns.Load((float*)((byte*)x + pixelBytes), 4);
        inputs.C5 = columns.Load((float*)((byte*)x + 2 * pixelBytes), 5);
        if (TWindow.ColumnCount > 6)
        {
            x += 3 * pixel;
            inputs.C6 = columns.Load(x, 6);
            inputs.C7 = columns.Load((float*)((byte*)x + pixelBytes), 7);
        }
        if (TWindow.ColumnCount > 8)
        {
            inputs.C8 = columns.Load((float*)((byte*)x + 2 * pixelBytes), 8);
        }
        if (TWindow.ColumnCount > 9)
        {
            x += 3 * pixel;
            inputs.C9 = columns.Load(x, 9);
            inputs.C10 = columns.Load((float*)((byte*)x + pixelBytes), 10);
        }
        return inputs;
    }
}
