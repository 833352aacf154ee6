namespace ILGPU;

/// <summary>A position or an extent along three axes; X is the fastest.</summary>
public readonly record struct Index3D(int X, int Y, int Z) : IGenericIndex<Index3D>
{
    public static readonly Index3D Invalid = new(-1);
    public static readonly Index3D Zero = new(0);
    public static readonly Index3D One = new(1);

    public Index3D(int value)
        : this(value, value, value) { }

    public Index3D(Index2D xy, int z)
        : this(xy.X, xy.Y, z) { }

    public Index3D(int x, Index2D yz)
        : this(x, yz.X, yz.Y) { }

    public Index2D XY => new(X, Y);
    public Index2D YZ => new(Y, Z);
    public bool IsFirst => X == 0 && Y == 0 && Z == 0;
    public int Size => X * Y * Z;
    public long LongSize => (long)X * Y * Z;
    long IIndex.Size => LongSize;

    public bool InBounds(Index3D dimension) => XY.InBounds(dimension.XY) && Z >= 0 && Z < dimension.Z;

    public bool InBoundsInclusive(Index3D dimension) =>
        XY.InBoundsInclusive(dimension.XY) && Z >= 0 && Z <= dimension.Z;

    public Index3D Add(Index3D rhs) => new(X + rhs.X, Y + rhs.Y, Z + rhs.Z);

    public Index3D Subtract(Index3D rhs) => new(X - rhs.X, Y - rhs.Y, Z - rhs.Z);

    public static Index3D operator +(Index3D first, Index3D second) => first.Add(second);

    public static Index3D operator -(Index3D first, Index3D second) => first.Subtract(second);

    public static Index3D operator *(Index3D first, Index3D second) =>
        new(first.X * second.X, first.Y * second.Y, first.Z * second.Z);

    public static Index3D operator /(Index3D first, Index3D second) =>
        new(first.X / second.X, first.Y / second.Y, first.Z / second.Z);

    public override string ToString() => $"({X}, {Y}, {Z})";
}
