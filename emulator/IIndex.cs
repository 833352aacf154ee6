namespace ILGPU;

/// <summary>What every index has: how many positions it spans as an extent.</summary>
public interface IIndex
{
    long Size { get; }
}

/// <summary>An index that can be compared with and added to others of its kind.</summary>
public interface IGenericIndex<TIndex> : IIndex, IEquatable<TIndex>
    where TIndex : struct, IGenericIndex<TIndex>
{
    bool InBounds(TIndex dimension);

    bool InBoundsInclusive(TIndex dimension);

    TIndex Add(TIndex rhs);

    TIndex Subtract(TIndex rhs);
}
