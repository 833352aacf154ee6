using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.TensorFlow;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network;

/// <summary>Reads files that are networks with their weights, of every format.</summary>
public static class GraphFiles
{
    /// <summary>
    /// Reads a file: ONNX, TensorFlow Lite, or the <c>model.json</c> of a TensorFlow.js graph model. Its content says what
    /// it is, never its name.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="input">Shape of one input image, for files that leave it open; null for the file's own.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file is not valid, or needs what is not supported.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not allowed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Model Read(string path, FeatureShape? input = null, CancellationToken cancellationToken = default) =>
        FormatOf(path, cancellationToken) switch
        {
            WeightFormat.TensorFlowLite => TfliteModel.Read(path, input, cancellationToken),
            WeightFormat.TensorFlowJsGraph or WeightFormat.TensorFlowJsLayers => TfjsGraphModel.Read(
                path,
                input,
                cancellationToken
            ),
            _ => OnnxModel.Read(path, new() { Input = input }, cancellationToken),
        };

    /// <summary>The format of a file whose content tells it; null for others, as ONNX graphs are.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    internal static WeightFormat? FormatOf(string path, CancellationToken cancellationToken)
    {
        using var stream = ModelFile.Open(path);
        var format = FileSignature.Recognize(ModelFile.Head(stream, cancellationToken))?.Format;
        return format == WeightFormat.TensorFlowJsLayers && IsTfjsGraph(stream, path, cancellationToken)
            ? WeightFormat.TensorFlowJsGraph
            : format;
    }

    /// <summary>Whether files of a format are networks with their weights; others are weights for an architecture.</summary>
    /// <param name="format">As <see cref="FormatOf"/> gives it.</param>
    internal static bool IsGraph(WeightFormat? format) =>
        format is null or WeightFormat.Onnx or WeightFormat.TensorFlowLite or WeightFormat.TensorFlowJsGraph;

    private static bool IsTfjsGraph(Stream stream, string path, CancellationToken cancellationToken)
    {
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
