namespace ILGPU;

/// <summary>A position or an extent along two axes; X is the fastest.</summary>
public readonly record struct Index2D(int X, int Y) : IGenericIndex<Index2D>
{
    public static readonly Index2D Invalid = new(-1);
    public static readonly Index2D Zero = new(0);
    public static readonly Index2D One = new(1);

    public Index2D(int value)
        : this(value, value) { }

    public bool IsFirst => X == 0 && Y == 0;
    public int Size => X * Y;
    public long LongSize => (long)X * Y;
    long IIndex.Size => LongSize;

    public bool InBounds(Index2D dimension) => X >= 0 && X < dimension.X && Y >= 0 && Y < dimension.Y;

    public bool InBoundsInclusive(Index2D dimension) => X >= 0 && X <= dimension.X && Y >= 0 && Y <= dimension.Y;

    public Index2D Add(Index2D rhs) => new(X + rhs.X, Y + rhs.Y);

    public Index2D Subtract(Index2D rhs) => new(X - rhs.X, Y - rhs.Y);

    public static Index2D operator +(Index2D first, Index2D second) => first.Add(second);

    public static Index2D operator -(Index2D first, Index2D second) => first.Subtract(second);

    public static Index2D operator *(Index2D first, Index2D second) => new(first.X * second.X, first.Y * second.Y);

    public static Index2D operator /(Index2D first, Index2D second) => new(first.X / second.X, first.Y / second.Y);

    public override string ToString() => $"({X}, {Y})";
}
