using ILGPU.Runtime;

namespace ILGPU;

/// <summary>A part of a buffer.</summary>
public interface IArrayView
{
    MemoryBuffer? Buffer { get; }
    bool IsValid { get; }
    long Length { get; }
    int ElementSize { get; }
    long LengthInBytes { get; }
}

/// <summary>A part of a buffer without gaps.</summary>
public interface IContiguousArrayView : IArrayView
{
    long Index { get; }
    long IndexInBytes { get; }

    ArrayView<byte> AsRawArrayView();
}

/// <summary>A part of a buffer of <typeparamref name="T"/>.</summary>
public interface IArrayView<T> : IArrayView
    where T : unmanaged;

/// <summary>A part of a buffer of <typeparamref name="T"/> without gaps.</summary>
public interface IContiguousArrayView<T> : IArrayView<T>, IContiguousArrayView
    where T : unmanaged;
