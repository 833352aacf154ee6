using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>A tensor of a graph: a value, or a constant whose elements are in the file.</summary>
/// <param name="Name">Its name, unique in the graph.</param>
/// <param name="Table">The tensor in the file.</param>
/// <param name="Data">The elements of a constant, null for a value.</param>
internal sealed record TfliteTensor(string Name, FlatTable Table, WireMessage? Data)
{
    /// <summary>Element type.</summary>
    public TfliteType Type => (TfliteType)Table.Byte(TfliteFields.TensorType);

    /// <summary>Axes; those of a value for the batch that the file was converted with.</summary>
    public long[] Shape { get; } = Array.ConvertAll(Table.Integers(TfliteFields.TensorShape) ?? [], axis => (long)axis);

    /// <summary>Axes of an input, null where the file leaves one open.</summary>
    public ImmutableArray<long?> Signature =>
        [
            .. Table.Integers(TfliteFields.TensorSignature) is { Length: > 0 } open
                ? open.Select(axis => axis < 0 ? null : (long?)axis)
                : Shape.Select(axis => (long?)axis),
        ];

    /// <summary>The elements of a constant as float32.</summary>
    public WireMessage Floats()
    {
        var size = Type == TfliteType.FLOAT16 ? sizeof(ushort) : sizeof(float);
        var (data, count) = Elements(size);
        if (Type == TfliteType.FLOAT32)
        {
            return data;
        }
        var floats = new float[count];
        for (var i = 0; i < count; i++)
        {
            floats[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(data.Span[(size * i)..]);
        }
        var bytes = MemoryMarshal.AsBytes(floats.AsSpan()).ToArray();
        return new(bytes, 0, bytes.Length);
    }

    /// <summary>The elements of a constant as whole numbers.</summary>
    /// <exception cref="ModelFormatException">There are more than a shape has, or they are no whole numbers.</exception>
    public long[] Integers()
    {
        if (Data is null || Type is not (TfliteType.INT32 or TfliteType.INT64))
        {
            throw Table.File.Fault($"tensor '{Name}' is {Type}, expected constant whole numbers.");
        }
        var size = Type == TfliteType.INT32 ? sizeof(int) : sizeof(long);
        var (data, count) = Elements(size);
        if (count > Constant.MaxIntegerCount)
        {
            throw Table.File.Fault($"tensor '{Name}' has {count} whole numbers, too many for sizes or axes.");
        }
        return size == sizeof(int)
            ? Array.ConvertAll(MemoryMarshal.Cast<byte, int>(data.Span).ToArray(), value => (long)value)
            : MemoryMarshal.Cast<byte, long>(data.Span).ToArray();
    }

    private (WireMessage Data, int Count) Elements(int size)
    {
        if (!TensorSize.TryCount(Shape, out var count) || Data is not { } data || data.Length != (long)count * size)
        {
            var bytes = Data?.Length ?? 0;
            throw Table.File.Fault($"tensor '{Name}' [{string.Join(", ", Shape)}] of {Type} has {bytes} bytes.");
        }
        Table.File.Spend(count);
        return (data, count);
    }
}
