using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>What pickles of NumPy arrays name, as Paddle writes them: arrays with their elements in the pickle itself.</summary>
internal sealed class NumpyVocabulary : PickleVocabulary
{
    private const string Remedy =
        "Save the weights alone, in Paddle: paddle.save(layer.state_dict(), 'weights.pdparams').";

    /// <summary>Makes the vocabulary of one file.</summary>
    /// <param name="source">Its path.</param>
    public NumpyVocabulary(string source)
        : base(source, Remedy, key => $"paddle.save(paddle.load('in.pdparams')['{key}'], 'weights.pdparams')")
    {
        Know("numpy.ndarray");
        Know("numpy.dtype", NewType);
        Know("_codecs.encode", Encode);
        Know("numpy.core.multiarray._reconstruct", NewArray);
        Know("numpy._core.multiarray._reconstruct", NewArray);
        Know("numpy.core.numeric._frombuffer", ArrayOfBytes);
        Know("numpy._core.numeric._frombuffer", ArrayOfBytes);
        Know("__builtin__.bytes", NoBytes);
        // A parameter that is not in a plain dictionary of them is a tuple of its own name and its array.
        Know("builtins.tuple", ArrayOfPair);
        Know("__builtin__.tuple", ArrayOfPair);
    }

    /// <inheritdoc/>
    public override void Build(object? target, object? state)
    {
        switch (target, state)
        {
            case (NumpyType type, PickleTuple { Items: [long, PickleBytes { Text: { } order }, ..] }):
                type.IsBigEndian = order == ">";
                break;
            case (
                PickleTensor { Place: null } array,
                PickleTuple { Items: [long, PickleTuple shape, NumpyType type, bool isColumnMajor, PickleBytes data] }
            ):
                array.Place = Place(shape, type, isColumnMajor, data);
                break;
            case (NumpyType or PickleTensor, _):
                throw new InvalidDataException("an array or dtype whose state is not NumPy's");
            default:
                base.Build(target, state);
                break;
        }
    }

    private static NumpyType NewType(PickleTuple arguments) =>
        arguments.Items is [PickleBytes { Text: { } name }, ..]
            ? new NumpyType(name)
            : throw new InvalidDataException("a dtype without a name");

    // NumPy makes an empty array, which gets everything else as its state.
    private static PickleTensor NewArray(PickleTuple arguments) =>
        arguments.Items is [PickleGlobal { Name: "numpy.ndarray" }, PickleTuple, PickleBytes]
            ? new()
            : throw new InvalidDataException("an array that is none of NumPy's");

    // Protocol 5 gives the elements at once.
    private static PickleTensor ArrayOfBytes(PickleTuple arguments) =>
        arguments.Items is [PickleBytes data, NumpyType type, PickleTuple shape, PickleBytes { Text: "C" or "F" } order]
            ? new() { Place = Place(shape, type, order.Text == "F", data) }
            : throw new InvalidDataException("an array of bytes that is none of NumPy's");

    // Protocols 0 to 2 have no bytes; they are a text of the same characters, which is taken back to them.
    private static PickleBytes Encode(PickleTuple arguments) =>
        arguments.Items
            is [PickleBytes { Form: ByteForm.Utf8 or ByteForm.UnicodeEscaped } text, PickleBytes { Text: "latin1" }]
            ? text
            : throw new InvalidDataException("a text that is not to become bytes");

    // What these protocols have for no bytes at all.
    private static PickleBytes NoBytes(PickleTuple arguments) =>
        arguments.Items is []
            ? new(0, 0, ByteForm.Plain, "")
            : throw new InvalidDataException("bytes made from arguments, expected none");

    private static PickleTensor ArrayOfPair(PickleTuple arguments) =>
        arguments.Items is [PickleTuple { Items: [PickleBytes, PickleTensor array] }]
            ? array
            : throw new InvalidDataException("a tuple that is not of a parameter's name and its array");

    private static TensorPlace Place(PickleTuple shape, NumpyType type, bool isColumnMajor, PickleBytes data)
    {
        var axes = Array.ConvertAll(shape.Items, item => item as long? ?? 0);
        var text = $"an array [{string.Join(", ", axes.Take(TensorSize.MaxRank))}]";
        if (!TensorSize.TryCount(axes, out var count))
        {
            throw new InvalidDataException($"{text}; axes must be at least 1 and hold fewer than 2^31 elements");
        }
        ImmutableArray<int> sizes = [.. axes.Select(axis => (int)axis)];
        var size = Elements.SizeInBytes(type.Elements, count);
        // Characters may take several bytes each, so that only reading tells how many a text is made of.
        var largest = Math.Min(EncodedBytes.LargestSize(data.Form) * size, Array.MaxLength);
        var fits = data.Form == ByteForm.Plain ? size == data.Length : size <= data.Length && data.Length <= largest;
        return fits
            ? new(new("", sizes, type.Elements), count, data.Offset)
            {
                Strides = isColumnMajor ? Strided.ColumnMajor(sizes) : default,
                Form = data.Form,
                EncodedSize = data.Length,
            }
            : throw new InvalidDataException(
                $"{text} of {type.Elements}, which needs {size} bytes, with {data.Length}"
            );
    }

    /// <summary>A dtype of NumPy.</summary>
    private sealed class NumpyType(string name)
    {
        public bool IsBigEndian { get; set; }

        public ElementType Elements =>
            (name, IsBigEndian) switch
            {
                ("f4", false) => ElementType.F32,
                ("f2", false) => ElementType.F16,
                ("f8", false) => ElementType.F64,
                ("u1", _) => ElementType.U8,
                ("u2", false) => ElementType.U16,
                ("i4", false) => ElementType.I32,
                ("i8", false) => ElementType.I64,
                _ => throw new InvalidDataException(
                    $"dtype '{(IsBigEndian ? ">" : "")}{name}', expected f4, f2, f8, u1, u2, i4 or i8, little-endian"
                ),
            };
    }
}
