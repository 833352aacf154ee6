using System.Collections.Immutable;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>
/// The weights of a TensorFlow.js layers model, by the names that Keras gives them (<c>conv1/kernel</c>). Its metadata
/// tell what the topology says about the numerics, as <see cref="TfjsTopology"/> lists it.
/// </summary>
internal sealed class TfjsLayersFile : WeightFile
{
    private readonly TfjsWeights _weights;

    private TfjsLayersFile(TfjsDocument document)
        : base(document.Path, WeightFormat.TensorFlowJsLayers)
    {
        _weights = new(document);
        Tensors = [.. _weights.Tensors.Select(tensor => tensor.Stored)];
        Metadata = TfjsTopology.Describe(document);
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
