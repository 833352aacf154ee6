using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>
/// Reads TensorFlow.js graph models: <c>model.json</c> with a GraphDef, beside its shards, quantised ones included.
/// Operators are those that MobileNets are converted to, fused ones included; the layers are as unfused as in an ONNX file.
/// </summary>
public static class TfjsGraphModel
{
    /// <summary>Reads a model.</summary>
    /// <param name="path">Path of <c>model.json</c>; the shards are in its folder.</param>
    /// <param name="resolution">Rows and columns of the input, for models that leave them open; null for the model's own.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">A file is not valid, or needs what is not supported.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading a file is not allowed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Model Read(string path, Extent? resolution = null, CancellationToken cancellationToken = default)
    {
        using var stream = ModelFile.Open(path);
        using var document = TfjsDocument.Read(stream, path, cancellationToken);
        return Read(document, resolution, cancellationToken);
    }

    internal static Model Read(TfjsDocument document, Extent? resolution, CancellationToken cancellationToken) =>
        Importer(document, cancellationToken).ImportModel(new() { Resolution = resolution });

    /// <summary>Reads a model without its weights.</summary>
    /// <param name="path">Path of <c>model.json</c>; the shards are in its folder.</param>
    /// <param name="resolution">Rows and columns of the input, for models that leave them open; null for the model's own.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    internal static NetworkGraph ReadGraph(string path, Extent? resolution, CancellationToken cancellationToken)
    {
        using var stream = ModelFile.Open(path);
        using var document = TfjsDocument.Read(stream, path, cancellationToken);
        return Importer(document, cancellationToken).Import(new() { Resolution = resolution });
    }

    /// <summary>Lists what a model contains.</summary>
    /// <param name="path">Path of <c>model.json</c>; the shards are in its folder.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">A file is not valid.</exception>
    internal static GraphListing List(string path, CancellationToken cancellationToken)
    {
        using var stream = ModelFile.Open(path);
        using var document = TfjsDocument.Read(stream, path, cancellationToken);
        var tensors = new TfjsWeights(document).Tensors.Select(tensor => tensor.Stored);
        return GraphListing.Of(tensors, null, NodesOf(document).Select(node => node.Operator));
    }

    private static List<TfjsNode> NodesOf(TfjsDocument document)
    {
        var topology = document.Root.Object("modelTopology");
        ListLimits.CheckCount(document.Path, "nodes", topology.Count("node"));
        return [.. topology.Objects("node").Select(node => new TfjsNode(node))];
    }

    private static OnnxImporter Importer(TfjsDocument document, CancellationToken cancellationToken)
    {
        if (!document.IsGraph)
        {
            throw new ModelFormatException(
                document.Path,
                "expected a graph model, but this is a layers model, which is weights for an architecture.",
                "Give it as weights and name its architecture."
            );
        }
        var weights = new TfjsWeights(document);
        var size = weights.Tensors.Sum(tensor => (long)tensor.ElementCount * sizeof(float));
        if (size > ModelFile.MaxGraphSizeInBytes)
        {
            var most = ModelFile.MaxGraphSizeInBytes;
            var fault = $"its weights have {size} bytes as float32, expected at most {most}.";
            throw new ModelFormatException(document.Path, fault, "Give the file of a MobileNet.");
        }
        var nodes = NodesOf(document);
        var graph = new TfjsGraph(document.Path, weights, cancellationToken);
        var outputs = Outputs(document, nodes);
        // Loops have no order, and are no damage.
        TfjsOperators.CheckSupported([.. nodes.Where(node => node.IsOfLoop)], document.Path);
        var ordered = graph.InOrder(nodes, outputs);
        TfjsOperators.CheckSupported(ordered, document.Path);
        foreach (var node in ordered)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TfjsOperators.Import(graph, node);
        }
        return graph.Values.Importer(outputs, cancellationToken);
    }

    /// <summary>The outputs that the signature names, else the only node that no other one reads.</summary>
    private static List<string> Outputs(TfjsDocument document, List<TfjsNode> nodes)
    {
        var signature =
            document.Root.OptionalObject("signature")
            ?? document.Root.OptionalObject("userDefinedMetadata")?.OptionalObject("signature");
        if (signature?.OptionalObject("outputs") is { } named && named.Values().Any())
        {
            return [.. named.Values().Select(output => TfjsNode.WithoutIndex(output.Text("name")))];
        }
        var read = nodes.SelectMany(node => node.Inputs).Select(TfjsNode.NodeOf).ToHashSet(StringComparer.Ordinal);
        var unread = nodes.Where(node => !read.Contains(node.Name)).Select(node => node.Name).ToList();
        return unread is [_]
            ? unread
            : throw new ModelFormatException(
                document.Path,
                $"no signature names its outputs, and nothing reads {unread.Count} nodes ({string.Join(", ", unread)}).",
                "Convert the network with its signature."
            );
    }
}
