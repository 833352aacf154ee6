using System.Collections.Immutable;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>A tensor of the manifest, and where its bytes are in the shards of its group.</summary>
/// <param name="Stored">Name, shape and element type in the shard.</param>
/// <param name="IsFloat">True for weights, false for the whole numbers of shapes and axes.</param>
/// <param name="Quantization">How its elements are packed, or null where they are not.</param>
/// <param name="Group">Number of its group.</param>
/// <param name="Offset">Its first byte in the group's shards, put one behind the other.</param>
/// <param name="ElementCount">Elements.</param>
internal sealed record TfjsTensor(
    StoredTensor Stored,
    bool IsFloat,
    TfjsQuantization? Quantization,
    int Group,
    long Offset,
    int ElementCount
)
{
    /// <summary>Bytes in the shards.</summary>
    public long SizeInBytes => Elements.SizeInBytes(Stored.Type, ElementCount);

    /// <summary>Reads an entry of the manifest.</summary>
    /// <param name="json">The entry.</param>
    /// <param name="group">Number of its group.</param>
    /// <param name="offset">Its first byte in the group.</param>
    /// <returns>Null for a tensor without elements, which has no bytes.</returns>
    /// <exception cref="ModelFormatException">Its shape, type or quantisation is not one.</exception>
    public static TfjsTensor? Read(TfjsObject json, int group, long offset)
    {
        var name = json.Text("name");
        var tensor = json with { What = $"tensor '{name}'" };
        var shape = tensor.Integers("shape");
        if (shape.Contains(0))
        {
            return null;
        }
        if (!TensorSize.TryCount(shape, out var count))
        {
            throw tensor.Fault(
                $"has shape [{string.Join(", ", shape)}]; axes must be at least 1 and hold fewer than 2^31 elements."
            );
        }
        var dtype = tensor.Text("dtype");
        var quantization = tensor.OptionalObject("quantization") is { } packed
            ? TfjsQuantization.Read(packed)
            : (TfjsQuantization?)null;
        var type = quantization?.Type ?? TypeOf(tensor, dtype);
        if (quantization is not null && dtype is not ("float32" or "int32"))
        {
            throw tensor.Fault($"is quantised with dtype '{dtype}', expected float32 or int32.");
        }
        ImmutableArray<int> axes = [.. shape.Select(axis => (int)axis)];
        return new(new(name, axes, type), dtype == "float32", quantization, group, offset, count);
    }

    private static ElementType TypeOf(TfjsObject tensor, string dtype) =>
        dtype switch
        {
            "float32" => ElementType.F32,
            "int32" => ElementType.I32,
            "bool" or "uint8" => ElementType.U8,
            _ => throw tensor.Fault($"has dtype '{dtype}'; float32, int32, uint8 and bool are read."),
        };
}
