using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Decodes the elements of an ONNX tensor: floats for weights, integers for shapes.</summary>
internal static class OnnxTensorDecoder
{
    private const int FloatData = 4;
    private const int Int32Data = 5;
    private const int Int64Data = 7;
    private const int DoubleData = 10;

    /// <summary>Decodes a tensor.</summary>
    /// <param name="tensor">The encoded tensor.</param>
    /// <param name="name">Its name.</param>
    /// <param name="source">Path of the file.</param>
    /// <exception cref="ModelFormatException">
    /// The elements are in another file, of another type, or not as many as the axes say.
    /// </exception>
    public static Constant Decode(OnnxTensor tensor, string name, string source)
    {
        if (tensor.IsExternal)
        {
            throw new ModelFormatException(
                source,
                $"tensor '{name}' has its elements in another file (external data), which is not read.",
                "Put everything into one file: onnx.save(onnx.load('in.onnx'), 'out.onnx')."
            );
        }
        var dims = tensor.Dims.AsSpan();
        if (!TensorSize.TryCount(dims, out var count))
        {
            var fault = $"tensor '{name}' has axes [{string.Join(", ", tensor.Dims)}]";
            throw Damaged(source, $"{fault}; each must be at least 1 and they must hold fewer than 2^31 elements.");
        }
        ImmutableArray<int> axes = [.. tensor.Dims.Select(axis => (int)axis)];
        return tensor.Type switch
        {
            OnnxDataType.Float => new(name, axes, Checked(Floats(tensor), count, name, source), null),
            OnnxDataType.Double when count == 1 => new(name, axes, Checked(Double(tensor), count, name, source), null),
            OnnxDataType.Int64 or OnnxDataType.Int32 => new(name, axes, null, Integers(tensor, count, name, source)),
            _ => throw new ModelFormatException(
                source,
                $"tensor '{name}' has element type {tensor.Type}; weights must be Float, shapes Int64 or Int32.",
                "Export the network in float32."
            ),
        };
    }

    private static float[] Floats(OnnxTensor tensor)
    {
        if (tensor.RawData is { } raw)
        {
            return raw.Length % sizeof(float) == 0 ? MemoryMarshal.Cast<byte, float>(raw.Span).ToArray() : [];
        }
        return [.. Fields(tensor, FloatData).SelectMany(field => field.SingleElements())];
    }

    /// <summary>A scalar: PyTorch writes whole numbers so, with a Cast behind them, before operator set 9.</summary>
    private static float[] Double(OnnxTensor tensor)
    {
        if (tensor.RawData is { } raw)
        {
            return raw.Length == sizeof(double) ? [(float)BinaryPrimitives.ReadDoubleLittleEndian(raw.Span)] : [];
        }
        return [.. Fields(tensor, DoubleData).Select(field => (float)BitConverter.UInt64BitsToDouble(field.Bits))];
    }

    private static long[] Integers(OnnxTensor tensor, int count, string name, string source)
    {
        if (count > Constant.MaxIntegerCount)
        {
            var fault = $"tensor '{name}' has {count} integers, expected at most {Constant.MaxIntegerCount}";
            throw new ModelFormatException(source, $"{fault} (shapes, axes).", "Export the network in float32.");
        }
        if (tensor.RawData is { } raw)
        {
            return Checked(
                tensor.Type == OnnxDataType.Int64 ? RawInt64(raw.Span) : RawInt32(raw.Span),
                count,
                name,
                source
            );
        }
        var fieldNumber = tensor.Type == OnnxDataType.Int64 ? Int64Data : Int32Data;
        var values = Fields(tensor, fieldNumber).SelectMany(field => field.Int64Elements());
        return Checked([.. values.Take(Constant.MaxIntegerCount + 1)], count, name, source);
    }

    private static long[] RawInt64(ReadOnlySpan<byte> raw)
    {
        var values = new long[raw.Length / sizeof(long)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadInt64LittleEndian(raw[(i * sizeof(long))..]);
        }
        return values;
    }

    private static long[] RawInt32(ReadOnlySpan<byte> raw)
    {
        var values = new long[raw.Length / sizeof(int)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadInt32LittleEndian(raw[(i * sizeof(int))..]);
        }
        return values;
    }

    private static IEnumerable<WireField> Fields(OnnxTensor tensor, int number) =>
        tensor.Message.Fields().Where(field => field.Number == number);

    private static T[] Checked<T>(T[] values, int count, string name, string source) =>
        values.Length == count
            ? values
            : throw Damaged(source, $"tensor '{name}' has {values.Length} whole elements, its axes ask for {count}.");

    private static ModelFormatException Damaged(string source, string fault) =>
        new(source, fault, "The file is damaged; export it again.");
}
