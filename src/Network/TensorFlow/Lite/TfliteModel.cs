using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>
/// Reads TensorFlow Lite files of float32 networks, weights in float32 or float16, with the operators that MobileNets are
/// converted to. Networks quantised to integers are refused.
/// </summary>
public static class TfliteModel
{
    private const string Expected = "a TensorFlow Lite file";
    private const int MagicOffset = 4;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="resolution">Rows and columns of the input, for files that leave them open; null for the file's own.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file is not valid, or needs what is not supported.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not allowed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Model Read(string path, Extent? resolution = null, CancellationToken cancellationToken = default)
    {
        using var stream = ModelFile.OpenGraph(path);
        return Read(stream, path, resolution, cancellationToken);
    }

    internal static Model Read(Stream stream, string path, Extent? resolution, CancellationToken cancellationToken) =>
        Importer(stream, path, cancellationToken).ImportModel(new() { Resolution = resolution });

    /// <summary>Reads a file without its weights.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="resolution">Rows and columns of the input, for files that leave them open; null for the file's own.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    internal static NetworkGraph ReadGraph(string path, Extent? resolution, CancellationToken cancellationToken)
    {
        using var stream = ModelFile.OpenGraph(path);
        return Importer(stream, path, cancellationToken).Import(new() { Resolution = resolution });
    }

    /// <summary>Lists what a file contains.</summary>
    /// <param name="path">Path of the file, which begins as a TensorFlow Lite file.</param>
    /// <exception cref="ModelFormatException">The file is not valid.</exception>
    internal static GraphListing List(string path)
    {
        using var stream = ModelFile.OpenGraph(path);
        return new TfliteGraph(new FlatBuffer(stream, path), path).List();
    }

    private static OnnxImporter Importer(Stream stream, string path, CancellationToken cancellationToken)
    {
        var head = ModelFile.Head(stream, cancellationToken);
        if (head.Length < MagicOffset + 4 || !head.AsSpan(MagicOffset, 4).SequenceEqual("TFL3"u8))
        {
            throw ModelFile.WrongKind(path, Expected, head, "it does not begin as one");
        }
        var graph = new TfliteGraph(new FlatBuffer(stream, path), path);
        TfliteOperators.CheckSupported(graph.Operators, path);
        graph.CheckTypes();
        ImmutableArray<long?> axes = graph.Input.Signature;
        graph.Values.Input(graph.Input.Name, axes);
        foreach (var each in graph.Operators)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TfliteOperators.Import(each);
        }
        return graph.Values.Importer([.. graph.Outputs.Select(output => output.Name)], cancellationToken);
    }
}
