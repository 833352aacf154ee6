using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Decodes the elements of an ONNX tensor: floats of any width for weights, integers for shapes.</summary>
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
    /// <param name="external">The files beside it, or null where it was read from memory.</param>
    /// <exception cref="ModelFormatException">
    /// The elements are of another type, not as many as the axes say, or in another file that does not have them.
    /// </exception>
    public static Constant Decode(OnnxTensor tensor, string name, string source, OnnxExternalData? external)
    {
        if (!TensorSize.TryCount(tensor.Dims.AsSpan(), out var count))
        {
            var fault = $"tensor '{name}' has axes [{string.Join(", ", tensor.Dims)}]";
            throw Damaged(source, $"{fault}; each must be at least 1 and they must hold fewer than 2^31 elements.");
        }
        var type = CheckedType(tensor, count, name, source);
        if (tensor.External is { } place)
        {
            tensor = tensor with { RawData = Beside(external, source, name).Read(place, name, type, count) };
        }
        ImmutableArray<int> axes = [.. tensor.Dims.Select(axis => (int)axis)];
        return Elements.AreWeights(type)
            ? new(name, axes, Checked(Floats(tensor, type), count, name, source), null)
            : new(name, axes, null, Checked(Integers(tensor, type), count, name, source));
    }

    private static ElementType CheckedType(OnnxTensor tensor, int count, string name, string source)
    {
        if (tensor.Type.ToElementType() is not { } type || !(Elements.AreWeights(type) || IsWhole(type)))
        {
            throw new ModelFormatException(
                source,
                $"tensor '{name}' has element type {tensor.Type}; weights must be Float, Float16, BFloat16 or Double, shapes Int64 or Int32.",
                "Export the network in float32."
            );
        }
        return !IsWhole(type) || count <= Constant.MaxIntegerCount
            ? type
            : throw new ModelFormatException(
                source,
                $"tensor '{name}' has {count} integers, expected at most {Constant.MaxIntegerCount} (shapes, axes).",
                "Export the network in float32."
            );
    }

    private static bool IsWhole(ElementType type) => type is ElementType.I32 or ElementType.I64;

    private static OnnxExternalData Beside(OnnxExternalData? external, string source, string name) =>
        external
        ?? throw new ModelFormatException(
            source,
            $"tensor '{name}' has its elements in another file (external data), which cannot be found from memory.",
            "Read the model by its path, or put everything into one file: onnx.save(onnx.load('in.onnx'), 'out.onnx')."
        );

    private static float[] Floats(OnnxTensor tensor, ElementType type)
    {
        if (tensor.RawData is { } raw)
        {
            var elements = new float[raw.Length % Elements.SizeOf(type) == 0 ? raw.Length / Elements.SizeOf(type) : 0];
            Elements.Convert(raw.Span, type, elements);
            return elements;
        }
        return type switch
        {
            ElementType.F32 => [.. Fields(tensor, FloatData).SelectMany(field => field.SingleElements())],
            ElementType.F64 =>
            [
                .. Fields(tensor, DoubleData).SelectMany(field => field.DoubleElements()).Select(value => (float)value),
            ],
            _ => Halves(tensor, type),
        };
    }

    /// <summary>Elements of 16 bits are listed as the lower halves of integers of 32 bits.</summary>
    private static float[] Halves(OnnxTensor tensor, ElementType type)
    {
        var bits = Fields(tensor, Int32Data).SelectMany(field => field.Int64Elements()).Select(value => (ushort)value);
        var bytes = MemoryMarshal.AsBytes<ushort>(bits.ToArray());
        var elements = new float[bytes.Length / sizeof(ushort)];
        Elements.Convert(bytes, type, elements);
        return elements;
    }

    private static long[] Integers(OnnxTensor tensor, ElementType type)
    {
        if (tensor.RawData is { } raw)
        {
            return type == ElementType.I64
                ? MemoryMarshal.Cast<byte, long>(raw.Span).ToArray()
                : Array.ConvertAll(MemoryMarshal.Cast<byte, int>(raw.Span).ToArray(), value => (long)value);
        }
        var values = Fields(tensor, type == ElementType.I64 ? Int64Data : Int32Data)
            .SelectMany(field => field.Int64Elements());
        return [.. values.Take(Constant.MaxIntegerCount + 1)];
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
