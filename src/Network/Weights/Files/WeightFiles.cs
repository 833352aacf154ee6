using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.TensorFlow;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>Opens weight files of every format.</summary>
public static class WeightFiles
{
    private const string Expected = $"a file of weights ({ModelFile.WeightFormats}, TensorFlow.js layers, ONNX)";

    /// <summary>Opens a file; its content says what it is, never its name.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <returns>The open file; whoever asked for it closes it.</returns>
    /// <exception cref="ModelFormatException">The file is of no known format, damaged, or asks for more than is read.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not allowed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static WeightFile Open(string path, CancellationToken cancellationToken = default) =>
        Open(ModelFile.Open(path), path, cancellationToken);

    internal static WeightFile Open(Stream stream, string path, CancellationToken cancellationToken)
    {
        try
        {
            var head = ModelFile.Head(stream, cancellationToken);
            return FileSignature.Recognize(head)?.Format switch
            {
                WeightFormat.Safetensors => SafetensorsFile.Open(stream, path, cancellationToken),
                WeightFormat.Onnx => OnnxFile.Open(stream, path, cancellationToken),
                WeightFormat.TensorFlowJsLayers => TfjsLayersFile.Open(stream, path, cancellationToken),
                WeightFormat.PyTorch => PyTorchFile.Open(stream, path, cancellationToken),
                WeightFormat.Paddle => PaddleFile.Open(stream, path, cancellationToken),
                _ => throw ModelFile.WrongKind(path, Expected, head, "its first bytes are of no known format"),
            };
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }
}
