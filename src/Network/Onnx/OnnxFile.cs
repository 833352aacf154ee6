using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
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
    private readonly OnnxGraph _graph;
    private readonly Lock _turn = new();
    private readonly Dictionary<string, OnnxTensor> _tensors = new(StringComparer.Ordinal);

    // Open as long as what operators use may be read from it.
    private OnnxExternalData? _external;

    private OnnxFile(Stream stream, string path, OnnxDocument document)
        : base(path, WeightFormat.Onnx)
    {
        _stream = stream;
        _graph = document.Graph;
        Metadata = document.Metadata;
        Tensors = [.. ListedTensors().OfType<StoredTensor>()];
    }

    /// <inheritdoc/>
    public override ImmutableArray<StoredTensor> Tensors { get; }

    /// <inheritdoc/>
    public override ImmutableDictionary<string, string> Metadata { get; }

    /// <summary>What the file contains.</summary>
    public GraphListing Listing => GraphListing.Of(Tensors, _graph.Opset, _graph.Nodes.Select(node => node.Operator));

    /// <summary>Lists the tensors of a file.</summary>
    /// <param name="stream">The file; the result owns it.</param>
    /// <param name="path">Its path.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file is not valid.</exception>
    public static OnnxFile Open(Stream stream, string path, CancellationToken cancellationToken) =>
        new(stream, path, OnnxDocument.Read(stream, path, cancellationToken));

    /// <summary>Whether it is one number, or integers.</summary>
    /// <param name="tensor">One of the <see cref="Tensors"/>.</param>
    internal override bool IsOperand(StoredTensor tensor) =>
        tensor.Type is ElementType.U8 or ElementType.U16 or ElementType.I32 or ElementType.I64
        || tensor.Shape.All(axis => axis == 1);

    /// <inheritdoc/>
    internal override FileComputation ReadComputation(Extent open, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            _external ??= new(Path);
        }
        var size = (int)Math.Min(int.MaxValue, _stream.Length);
        var importer = new OnnxImporter(Path, _graph, size, _external, cancellationToken);
        return FileComputation.Read(this, _turn, importer, open, _tensors.GetValueOrDefault);
    }

    // Of equal tensors PyTorch writes one, and the others as its Identity.
    private IEnumerable<StoredTensor?> ListedTensors()
    {
        foreach (var (name, tensor) in _graph.Tensors)
        {
            yield return Listed(name, tensor);
        }
        foreach (var node in _graph.Nodes)
        {
            if (node is { Operator: "Identity", Inputs: [var input], Outputs: [var output] })
            {
                yield return _tensors.TryGetValue(input, out var tensor) ? Listed(output, tensor) : null;
            }
        }
    }

    private StoredTensor? Listed(string name, OnnxTensor tensor)
    {
        if (tensor.Type.ToElementType() is not { } type || tensor.Dims.Contains(0))
        {
            return null; // texts, truth values and tensors without elements are no weights
        }
        if (!TensorSize.TryCount(tensor.Dims.AsSpan(), out _))
        {
            var axes = string.Join(", ", tensor.Dims);
            throw new ModelFormatException(Path, $"tensor '{name}' has axes [{axes}].", Remedy);
        }
        ListLimits.CheckName(Path, name);
        return _tensors.TryAdd(name, tensor)
            ? new(name, [.. tensor.Dims.Select(axis => (int)axis)], type)
            : throw new ModelFormatException(Path, $"names tensor '{name}' twice.", Remedy);
    }

    private protected override Tensor ReadTensor(string name, CancellationToken cancellationToken)
    {
        var tensor = _tensors.TryGetValue(name, out var found)
            ? found
            : throw new KeyNotFoundException($"{Path} has no tensor '{name}'.");
        using var external = new OnnxExternalData(Path);
        lock (_turn)
        {
            var decoded = OnnxTensorDecoder.Decode(tensor, name, Path, external, cancellationToken);
            return decoded.Floats is { } elements
                ? new(decoded.Dims, elements.Values)
                : throw new ModelFormatException(
                    Path,
                    $"tensor '{name}' has elements of type {tensor.Type}, expected Float, Float16, BFloat16 or Double.",
                    "Integers are no weights; read another tensor."
                );
        }
    }

    private protected override void Close()
    {
        _external?.Dispose();
        _stream.Dispose();
    }
}
