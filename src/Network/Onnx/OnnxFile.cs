using System.Collections.Immutable;
using Google.Protobuf;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>
/// The tensors of an ONNX file as weights, without its graph: initializers and Constant nodes of numbers. Elements are
/// read from it, or from the files beside it, only when they are asked for.
/// </summary>
internal sealed class OnnxFile : WeightFile
{
    private const string Remedy = "The file is cut off or damaged; get it again.";

    private readonly Stream _stream;
    private readonly Lock _turn = new();
    private readonly Dictionary<string, OutlinedTensor> _tensors = new(StringComparer.Ordinal);

    private OnnxFile(Stream stream, string path, OnnxOutline outline)
        : base(path, WeightFormat.Onnx)
    {
        _stream = stream;
        Metadata = outline.Metadata;
        Tensors = [.. outline.Tensors.Select(Listed).OfType<StoredTensor>()];
    }

    /// <inheritdoc/>
    public override ImmutableArray<StoredTensor> Tensors { get; }

    /// <inheritdoc/>
    public override ImmutableDictionary<string, string> Metadata { get; }

    /// <summary>Lists the tensors of a file.</summary>
    /// <param name="stream">The file; the result owns it.</param>
    /// <param name="path">Its path.</param>
    /// <exception cref="ModelFormatException">The file is not valid.</exception>
    public static WeightFile Open(Stream stream, string path)
    {
        var outline = new OnnxOutline(new(stream));
        try
        {
            outline.Read(stream.Length);
        }
        catch (Exception fault) when (fault is InvalidProtocolBufferException or InvalidDataException)
        {
            throw new ModelFormatException(path, $"expected an ONNX file: {fault.Message}", Remedy, fault);
        }
        return outline.HasGraph
            ? new OnnxFile(stream, path, outline)
            : throw new ModelFormatException(path, "expected an ONNX file: it holds no graph.", Remedy);
    }

    private StoredTensor? Listed(OutlinedTensor tensor)
    {
        if (tensor.Header.Type.ToElementType() is not { } type || tensor.Header.Dims.Contains(0))
        {
            return null; // texts, truth values and tensors without elements are no weights
        }
        if (!TensorSize.TryCount(tensor.Header.Dims.AsSpan(), out _))
        {
            var axes = string.Join(", ", tensor.Header.Dims);
            throw new ModelFormatException(Path, $"tensor '{tensor.Name}' has axes [{axes}].", Remedy);
        }
        return _tensors.TryAdd(tensor.Name, tensor)
            ? new(tensor.Name, [.. tensor.Header.Dims.Select(axis => (int)axis)], type)
            : throw new ModelFormatException(Path, $"names tensor '{tensor.Name}' twice.", Remedy);
    }

    private protected override Tensor ReadTensor(string name, CancellationToken cancellationToken)
    {
        var tensor = _tensors.TryGetValue(name, out var found)
            ? found
            : throw new KeyNotFoundException($"{Path} has no tensor '{name}'.");
        using var external = new OnnxExternalData(Path, cancellationToken);
        var decoded = OnnxTensorDecoder.Decode(Loaded(tensor, cancellationToken), name, Path, external);
        return decoded.Floats is { } elements
            ? new(decoded.Dims, elements)
            : throw new ModelFormatException(
                Path,
                $"tensor '{name}' has elements of type {tensor.Header.Type}, expected Float, Float16, BFloat16 or Double.",
                "Integers are no weights; read another tensor."
            );
    }

    private OnnxTensor Loaded(OutlinedTensor tensor, CancellationToken cancellationToken)
    {
        if (tensor.Header.External is not null)
        {
            return tensor.Header;
        }
        return tensor.Raw is { } raw
            ? tensor.Header with
            {
                RawData = Message(tensor.Name, raw.Content, raw.End, cancellationToken),
            }
            : OnnxTensorParser.Tensor(Message(tensor.Name, tensor.Start, tensor.End, cancellationToken));
    }

    private WireMessage Message(string name, long start, long end, CancellationToken cancellationToken)
    {
        if (end - start > Array.MaxLength)
        {
            throw new ModelFormatException(Path, $"tensor '{name}' has {end - start} bytes.", Remedy);
        }
        var bytes = new byte[end - start];
        lock (_turn)
        {
            _stream.Position = start;
            ModelFile.Fill(_stream, bytes, cancellationToken);
        }
        return new(bytes, 0, bytes.Length);
    }

    private protected override void Close() => _stream.Dispose();
}
