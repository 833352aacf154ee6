using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>
/// The weights of a TensorFlow.js layers model, by the names that Keras gives them (<c>conv1/kernel</c>), and what its
/// topology computes with them. Its metadata tell who wrote it.
/// </summary>
internal sealed class TfjsLayersFile : WeightFile
{
    private static readonly string[] _metadata = ["format", "generatedBy", "convertedBy"];

    private readonly Lock _turn = new();
    private readonly TfjsWeights _weights;
    private readonly TfjsObject? _topology;

    private TfjsLayersFile(TfjsDocument document)
        : base(document.Path, WeightFormat.TensorFlowJsLayers)
    {
        _weights = new(document);
        Tensors = [.. _weights.Tensors.Select(tensor => tensor.Stored)];
        Metadata = document.IsManifest
            ? []
            : _metadata
                .Where(name => document.Root.OptionalText(name) is not null)
                .ToImmutableDictionary(name => name, name => document.Root.Text(name), StringComparer.Ordinal);
        _topology = document.IsManifest ? null : document.Root.OptionalObject("modelTopology")?.Kept();
    }

    /// <inheritdoc/>
    public override ImmutableArray<StoredTensor> Tensors { get; }

    /// <inheritdoc/>
    public override ImmutableDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file; its shards are beside it.</summary>
    /// <param name="stream">The file <c>model.json</c>, which is closed.</param>
    /// <param name="path">Its path.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file or its shards are not valid, or it is a graph model.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading a file is not allowed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static TfjsLayersFile Open(Stream stream, string path, CancellationToken cancellationToken)
    {
        using (stream)
        {
            using var document = TfjsDocument.Read(stream, path, cancellationToken);
            return Of(document);
        }
    }

    /// <summary>The weights of a file that is parsed already.</summary>
    /// <param name="document">The file.</param>
    /// <exception cref="ModelFormatException">Its shards are not valid, or it is a graph model.</exception>
    public static TfjsLayersFile Of(TfjsDocument document) =>
        document.IsGraph
            ? throw new ModelFormatException(
                document.Path,
                "expected a layers model, but this is a graph model, which is a network with its weights.",
                "Give it as the model, not as weights."
            )
            : new(document);

    /// <inheritdoc/>
    internal override FileComputation? ReadComputation(Extent open, CancellationToken cancellationToken)
    {
        if (_topology is not { } json || KerasTopology.Read(json) is not { } topology)
        {
            return null;
        }
        var importer = new KerasGraph(Path, topology, new(_weights)).Importer(cancellationToken);
        return FileComputation.Read(this, _turn, importer, open, static _ => null);
    }

    /// <inheritdoc/>
    internal override void CheckElements(StoredTensor tensor) => _weights.CheckFloats(_weights.Find(tensor.Name)!);

    private protected override Tensor ReadTensor(string name, CancellationToken cancellationToken)
    {
        var tensor =
            _weights.Find(name)
            ?? throw new KeyNotFoundException($"{Path} has no tensor '{name}'; Tensors lists them.");
        return new(tensor.Stored.Shape, _weights.ReadFloats(tensor, cancellationToken));
    }

    /// <summary>Nothing is held open between two reads.</summary>
    private protected override void Close() { }
}
