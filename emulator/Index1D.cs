using System.Runtime.CompilerServices;

namespace ILGPU;

/// <summary>A position or an extent along one axis.</summary>
public readonly record struct Index1D(int X) : IGenericIndex<Index1D>
{
    public static readonly Index1D Invalid = new(-1);
    public static readonly Index1D Zero = new(0);
    public static readonly Index1D One = new(1);

    public bool IsFirst => X == 0;
    public int Size => X;
    public long LongSize => X;
    long IIndex.Size => X;

    public LongIndex1D ToLongIndex() => new(X);

    public bool InBounds(Index1D dimension) => X >= 0 && X < dimension.X;

    public bool InBoundsInclusive(Index1D dimension) => X >= 0 && X <= dimension.X;

    public Index1D Add(Index1D rhs) => new(X + rhs.X);

    public Index1D Subtract(Index1D rhs) => new(X - rhs.X);

    public static Index1D Min(Index1D first, Index1D second) => new(Math.Min(first.X, second.X));

    public static Index1D Max(Index1D first, Index1D second) => new(Math.Max(first.X, second.X));

    public static Index1D operator +(Index1D first, Index1D second) => new(first.X + second.X);

    public static Index1D operator -(Index1D first, Index1D second) => new(first.X - second.X);

    public static Index1D operator *(Index1D first, Index1D second) => new(first.X * second.X);

    public static Index1D operator /(Index1D first, Index1D second) => new(first.X / second.X);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator int(Index1D idx) => idx.X;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Index1D(int idx) => new(idx);

    public static implicit operator LongIndex1D(Index1D index) => new(index.X);

    public static explicit operator uint(Index1D idx) => (uint)idx.X;

    public override string ToString() => X.ToString(null, null);
}

/// <summary>A position or an extent along one axis, in 64 bits.</summary>
public readonly record struct LongIndex1D(long X) : IGenericIndex<LongIndex1D>
{
    public static readonly LongIndex1D Invalid = new(-1);
    public static readonly LongIndex1D Zero = new(0);
    public static readonly LongIndex1D One = new(1);

    public bool IsFirst => X == 0;
    public long Size => X;

    public Index1D ToIntIndex() => new(checked((int)X));

    public bool InBounds(LongIndex1D dimension) => X >= 0 && X < dimension.X;

    public bool InBoundsInclusive(LongIndex1D dimension) => X >= 0 && X <= dimension.X;

    public LongIndex1D Add(LongIndex1D rhs) => new(X + rhs.X);

    public LongIndex1D Subtract(LongIndex1D rhs) => new(X - rhs.X);

    public static LongIndex1D operator +(LongIndex1D first, LongIndex1D second) => new(first.X + second.X);

    public static LongIndex1D operator -(LongIndex1D first, LongIndex1D second) => new(first.X - second.X);

    public static LongIndex1D operator *(LongIndex1D first, LongIndex1D second) => new(first.X * second.X);

    public static LongIndex1D operator /(LongIndex1D first, LongIndex1D second) => new(first.X / second.X);

    public static explicit operator Index1D(LongIndex1D index) => index.ToIntIndex();

    public static implicit operator long(LongIndex1D idx) => idx.X;

    public static implicit operator LongIndex1D(long idx) => new(idx);

    public override string ToString() => X.ToString(null, null);
}
