using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>A tensor of a graph: a value, or a constant whose elements are in the file.</summary>
/// <param name="Name">Its name, unique in the graph.</param>
/// <param name="Table">The tensor in the file.</param>
/// <param name="Data">The elements of a constant, null for a value.</param>
internal sealed record TfliteTensor(string Name, FlatTable Table, FlatVector? Data)
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

    /// <summary>The tensor as it is listed; null for a value, and for a constant that is no numbers of a known type.</summary>
    public StoredTensor? Listed =>
        Data is not null && StoredType is { } type && TensorSize.TryCount(Shape, out _)
            ? new(Name, [.. Shape.Select(axis => (int)axis)], type)
            : null;

    /// <summary>Whether it is a constant of one element, which is 0.</summary>
    public bool IsZero =>
        Data is { Count: <= sizeof(long) } single && !Table.File.Bytes(single).AsSpan().ContainsAnyExcept((byte)0);

    /// <summary>Where the elements of a constant are, which are weights.</summary>
    /// <exception cref="ModelFormatException">They are none, or not as many as the axes say.</exception>
    public (OnnxElements Elements, OnnxDataType Type) Weights() =>
        Type switch
        {
            TfliteType.FLOAT32 => (Elements(sizeof(float)).Data, OnnxDataType.Float),
            TfliteType.FLOAT16 => (Elements(sizeof(ushort)).Data, OnnxDataType.Float16),
            _ => throw Table.File.Fault($"tensor '{Name}' is {Type}, expected weights."),
        };

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
        var bytes = data.Bytes(CancellationToken.None).Span;
        return size == sizeof(int)
            ? Array.ConvertAll(MemoryMarshal.Cast<byte, int>(bytes).ToArray(), value => (long)value)
            : MemoryMarshal.Cast<byte, long>(bytes).ToArray();
    }

    private ElementType? StoredType =>
        Type switch
        {
            TfliteType.FLOAT32 => ElementType.F32,
            TfliteType.FLOAT16 => ElementType.F16,
            TfliteType.FLOAT64 => ElementType.F64,
            TfliteType.UINT8 => ElementType.U8,
            TfliteType.INT32 => ElementType.I32,
            TfliteType.INT64 => ElementType.I64,
            _ => null,
        };

    private (OnnxElements Data, int Count) Elements(int size)
    {
        if (!TensorSize.TryCount(Shape, out var count) || Data is not { } data || data.Count != (long)count * size)
        {
            var bytes = Data?.Count ?? 0;
            throw Table.File.Fault($"tensor '{Name}' [{string.Join(", ", Shape)}] of {Type} has {bytes} bytes.");
        }
        return (Table.File.Elements(data, count), count);
    }
}
