using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>
/// Reads TensorFlow.js graph models: <c>model.json</c> with a GraphDef, beside its shards, quantised ones included.
/// Operators are those that MobileNets are converted to, fused ones included; the layers are as unfused as in an ONNX file.
/// </summary>
public static class TfjsGraphModel
{
    /// <summary>Most bytes of constants that are decoded, 1 GiB; the widest MobileNet has 100 MB.</summary>
    private const long MaxSizeInBytes = 1 << 30;

    /// <summary>Reads a model.</summary>
    /// <param name="path">Path of <c>model.json</c>; the shards are in its folder.</param>
    /// <param name="input">Shape of one input image, for models that leave it open; null for the model's own.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">A file is not valid, or needs what is not supported.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading a file is not allowed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Model Read(string path, FeatureShape? input = null, CancellationToken cancellationToken = default)
    {
        using var stream = ModelFile.Open(path);
        using var document = TfjsDocument.Read(stream, path, cancellationToken);
        return Read(document, input, cancellationToken);
    }

    internal static Model Read(TfjsDocument document, FeatureShape? input, CancellationToken cancellationToken)
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
        if (size > MaxSizeInBytes)
        {
            var fault = $"its weights have {size} bytes as float32, expected at most {MaxSizeInBytes}.";
            throw new ModelFormatException(document.Path, fault, "Give the file of a MobileNet.");
        }
        var nodes = document.Root.Object("modelTopology").Objects("node").Select(node => new TfjsNode(node)).ToList();
        var graph = new TfjsGraph(document.Path, weights, cancellationToken);
        var output = Output(document, nodes);
        var ordered = graph.InOrder(nodes, output);
        TfjsOperators.CheckSupported(ordered, document.Path);
        foreach (var node in ordered)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TfjsOperators.Import(graph, node);
        }
        return graph.Values.Import(output, input, cancellationToken);
    }

    /// <summary>The output that the signature names, else the only node that no other one reads.</summary>
    private static string Output(TfjsDocument document, List<TfjsNode> nodes)
    {
        var read = nodes.SelectMany(node => node.Inputs).ToHashSet(StringComparer.Ordinal);
        var signature =
            document.Root.OptionalObject("signature")
            ?? document.Root.OptionalObject("userDefinedMetadata")?.OptionalObject("signature");
        var outputs = signature?.OptionalObject("outputs") is { } named
            ? [.. named.Values().Select(output => TfjsNode.WithoutIndex(output.Text("name")))]
            : nodes.Where(node => !read.Contains(node.Name)).Select(node => node.Name).ToList();
        return outputs is [var single]
            ? single
            : throw new ModelFormatException(
                document.Path,
                $"the graph has {outputs.Count} outputs ({string.Join(", ", outputs)}), expected one.",
                "Convert the network with one image batch in and one result out."
            );
    }
}
