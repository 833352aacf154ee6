using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>Where a file has the elements of a tensor; whoever makes one has checked that they lie in the file.</summary>
/// <param name="Tensor">The tensor as listed.</param>
/// <param name="ElementCount">Product of its axes.</param>
/// <param name="Offset">First byte of the first element, counted from the start of the file.</param>
internal sealed record TensorPlace(StoredTensor Tensor, int ElementCount, long Offset)
{
    /// <summary>Elements between neighbours along each axis; default when they lie in row-major order.</summary>
    public ImmutableArray<long> Strides { get; init; }

    /// <summary>How the bytes of the elements are written.</summary>
    public ByteForm Form { get; init; }

    /// <summary>Bytes in the file where that is not as they are.</summary>
    public long EncodedSize { get; init; }
}
