using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Google.Protobuf;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Decodes the elements of an ONNX tensor: floats of any width for weights, integers for shapes.</summary>
internal static class OnnxTensorDecoder
{
    private const int FloatData = 4;
    private const int Int32Data = 5;
    private const int Int64Data = 7;
    private const int DoubleData = 10;

    /// <summary>Decodes a tensor; weights whose number can be told are not read yet.</summary>
    /// <param name="tensor">The encoded tensor.</param>
    /// <param name="name">Its name.</param>
    /// <param name="source">Path of the file.</param>
    /// <param name="external">The files beside it, or null where it was read from memory.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">
    /// The elements are of another type, not as many as the axes say, or in another file that does not have them.
    /// </exception>
    public static Constant Decode(
        OnnxTensor tensor,
        string name,
        string source,
        OnnxExternalData? external,
        CancellationToken cancellationToken
    )
    {
        if (!TensorSize.TryCount(tensor.Dims.AsSpan(), out var count))
        {
            var fault = $"tensor '{name}' has axes [{string.Join(", ", tensor.Dims)}]";
            throw Damaged(source, $"{fault}; each must be at least 1 and they must hold fewer than 2^31 elements.");
        }
        var type = CheckedType(tensor, count, name, source);
        var elements = tensor.External is { } place
            ? Beside(external, source, name).Find(place, name, type, count)
            : tensor.Elements;
        CheckSize(elements, type, count, name, source);
        ImmutableArray<int> axes = [.. tensor.Dims.Select(axis => (int)axis)];
        T[] Read<T>(Func<T[]> read) => Checked(Guarded(read, name, source), count, name, source);
        if (IsWhole(type))
        {
            return new(name, axes, null, Read(() => Integers(elements, type, cancellationToken)));
        }
        if (elements.AreRaw)
        {
            float[] ReadLater() => Read(() => elements.Floats(type, count, cancellationToken));
            return new(name, axes, new(count, ReadLater) { Tensor = tensor }, null);
        }
        var floats = Read(() => Floats(elements, type, cancellationToken));
        return new(name, axes, new(count, () => floats) { Tensor = tensor }, null);
    }

    private static T[] Guarded<T>(Func<T[]> read, string name, string source)
    {
        try
        {
            return read();
        }
        catch (EndOfStreamException fault)
        {
            throw ModelFile.CutOff(source, name, fault);
        }
        catch (Exception fault) when (fault is InvalidProtocolBufferException or InvalidDataException)
        {
            throw Damaged(source, $"the elements of tensor '{name}' are no fields: {fault.Message}");
        }
    }

    private static void CheckSize(OnnxElements elements, ElementType type, int count, string name, string source)
    {
        var isFitting = !elements.AreRaw || elements.Length == Elements.SizeInBytes(type, count);
        if (!isFitting || elements.Length > Array.MaxLength)
        {
            var expected = $"its axes ask for {count} of {Elements.SizeOf(type)} and no tensor may have 2^31 bytes";
            throw Damaged(source, $"tensor '{name}' has {elements.Length} bytes of elements; {expected}.");
        }
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

    private static float[] Floats(OnnxElements elements, ElementType type, CancellationToken cancellationToken) =>
        type switch
        {
            ElementType.F32 =>
            [
                .. Fields(elements, FloatData, cancellationToken).SelectMany(field => field.SingleElements()),
            ],
            ElementType.F64 =>
            [
                .. Fields(elements, DoubleData, cancellationToken)
                    .SelectMany(field => field.DoubleElements())
                    .Select(value => (float)value),
            ],
            _ => Halves(elements, type, cancellationToken),
        };

    /// <summary>Elements of 16 bits are listed as the lower halves of integers of 32 bits.</summary>
    private static float[] Halves(OnnxElements elements, ElementType type, CancellationToken cancellationToken)
    {
        var bits = Fields(elements, Int32Data, cancellationToken)
            .SelectMany(field => field.Int64Elements())
            .Select(value => (ushort)value);
        var bytes = MemoryMarshal.AsBytes<ushort>(bits.ToArray());
        var halves = new float[bytes.Length / sizeof(ushort)];
        Elements.Convert(bytes, type, halves);
        return halves;
    }

    private static long[] Integers(OnnxElements elements, ElementType type, CancellationToken cancellationToken)
    {
        if (elements.AreRaw)
        {
            var raw = elements.Bytes(cancellationToken).Span;
            return type == ElementType.I64
                ? MemoryMarshal.Cast<byte, long>(raw).ToArray()
                : Array.ConvertAll(MemoryMarshal.Cast<byte, int>(raw).ToArray(), value => (long)value);
        }
        var values = Fields(elements, type == ElementType.I64 ? Int64Data : Int32Data, cancellationToken)
            .SelectMany(field => field.Int64Elements());
        return [.. values.Take(Constant.MaxIntegerCount + 1)];
    }

    private static IEnumerable<WireField> Fields(
        OnnxElements elements,
        int number,
        CancellationToken cancellationToken
    ) => elements.Bytes(cancellationToken).Fields().Where(field => field.Number == number);

    private static T[] Checked<T>(T[] values, int count, string name, string source) =>
        values.Length == count
            ? values
            : throw Damaged(source, $"tensor '{name}' has {values.Length} whole elements, its axes ask for {count}.");

    private static ModelFormatException Damaged(string source, string fault) =>
        new(source, fault, "The file is damaged; export it again.");
}
