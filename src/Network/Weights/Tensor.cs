using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>A dense float32 tensor in row-major order.</summary>
public sealed class Tensor
{
    /// <summary>Wraps elements.</summary>
    /// <param name="shape">Axes, outermost first; empty for a scalar.</param>
    /// <param name="data">Elements; not copied.</param>
    /// <exception cref="ArgumentException">The number of elements is not the product of the axes.</exception>
    public Tensor(ImmutableArray<int> shape, ReadOnlyMemory<float> data)
    {
        var count = shape.Aggregate(1L, (product, axis) => checked(product * axis));
        if (count != data.Length)
        {
            throw new ArgumentException($"Shape [{string.Join(", ", shape)}] has {count} elements, got {data.Length}.");
        }
        Shape = shape;
        Data = data;
    }

    /// <summary>Axes, outermost first.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>Elements in row-major order.</summary>
    public ReadOnlyMemory<float> Data { get; }
}
