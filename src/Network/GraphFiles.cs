using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.TensorFlow;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network;

/// <summary>Reads files that are networks with their weights, of every format.</summary>
public static class GraphFiles
{
    private const string Expected = "a model or a file of weights";

    /// <summary>
    /// Reads a file: ONNX, TensorFlow Lite, or the <c>model.json</c> of a TensorFlow.js graph model. Its content says what
    /// it is, never its name.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="resolution">Rows and columns of the input, for files that leave them open; null for the file's own.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file is not valid, or needs what is not supported.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not allowed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Model Read(string path, Extent? resolution = null, CancellationToken cancellationToken = default) =>
        ReadingOf(path, cancellationToken) switch
        {
            WeightFormat.TensorFlowLite => TfliteModel.Read(path, resolution, cancellationToken),
            WeightFormat.TensorFlowJsLayers => TfjsGraphModel.Read(path, resolution, cancellationToken),
            _ => OnnxModel.Read(path, new() { Resolution = resolution }, cancellationToken),
        };

    /// <summary>Reads a file without its weights, as far as nothing depends on them.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="resolution">Rows and columns of the input, for files that leave them open; null for the file's own.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    internal static NetworkGraph ReadGraph(string path, Extent? resolution, CancellationToken cancellationToken) =>
        ReadingOf(path, cancellationToken) switch
        {
            WeightFormat.TensorFlowLite => TfliteModel.ReadGraph(path, resolution, cancellationToken),
            WeightFormat.TensorFlowJsLayers => TfjsGraphModel.ReadGraph(path, resolution, cancellationToken),
            _ => OnnxModel.ReadGraph(path, new() { Resolution = resolution }, cancellationToken),
        };

    /// <summary>Lists what a file contains; that it can be listed does not mean that it can be used.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file is not valid.</exception>
    internal static GraphListing List(string path, CancellationToken cancellationToken)
    {
        switch (ReadingOf(path, cancellationToken))
        {
            case WeightFormat.TensorFlowLite:
                return TfliteModel.List(path);
            case WeightFormat.TensorFlowJsLayers:
                return TfjsGraphModel.List(path, cancellationToken);
            default:
                using (var file = OnnxFile.Open(ModelFile.Open(path), path, cancellationToken))
                {
                    return file.Listing with { Fits = [.. WeightIdentity.Identify(file).Where(fit => fit.IsExact)] };
                }
        }
    }

    /// <summary>The format of a file whose content tells it; null for others, as ONNX graphs are.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    internal static WeightFormat? FormatOf(string path, CancellationToken cancellationToken)
    {
        var format = FileSignature.Recognize(HeadOf(path, cancellationToken))?.Format;
        return format == WeightFormat.TensorFlowJsLayers && IsTfjsGraph(path, cancellationToken)
            ? WeightFormat.TensorFlowJsGraph
            : format;
    }

    /// <summary>Whether files of a format are networks with their weights; others are weights for an architecture.</summary>
    /// <param name="format">As <see cref="FormatOf"/> gives it.</param>
    internal static bool IsGraph(WeightFormat? format) =>
        format is null or WeightFormat.Onnx or WeightFormat.TensorFlowLite or WeightFormat.TensorFlowJsGraph;

    /// <summary>The format to read a file as; TensorFlow.js's two begin alike, and null is tried as ONNX.</summary>
    /// <exception cref="ModelFormatException">The first bytes are those of a kind that is not read.</exception>
    private static WeightFormat? ReadingOf(string path, CancellationToken cancellationToken)
    {
        var head = HeadOf(path, cancellationToken);
        var kind = FileSignature.Recognize(head);
        return kind is { Format: null } ? throw ModelFile.WrongKind(path, Expected, head, "") : kind?.Format;
    }

    private static byte[] HeadOf(string path, CancellationToken cancellationToken)
    {
        using var stream = ModelFile.Open(path);
        return ModelFile.Head(stream, cancellationToken);
    }

    private static bool IsTfjsGraph(string path, CancellationToken cancellationToken)
    {
        using var stream = ModelFile.Open(path);
        try
        {
            using var document = TfjsDocument.Read(stream, path, cancellationToken);
            return document.IsGraph;
        }
        // Whoever reads it as weights is told what is wrong with it.
        catch (ModelFormatException)
        {
            return false;
        }
    }
}
