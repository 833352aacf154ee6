using System.Collections.Immutable;
using Google.Protobuf;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>What an ONNX file holds, elements of tensors still in the file.</summary>
/// <param name="Graph">Its graph.</param>
/// <param name="Metadata">Who wrote it, and what they added.</param>
internal sealed record OnnxDocument(OnnxGraph Graph, ImmutableDictionary<string, string> Metadata)
{
    private const string Expected = "an ONNX file";

    private const string Formats = $"{ModelFile.WeightFormats}, TensorFlow.js's model.json, TensorFlow Lite, ONNX";

    /// <summary>Reads a file without its elements.</summary>
    /// <param name="stream">The file; it stays open as long as elements are to be read.</param>
    /// <param name="path">Its path, for errors.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file is not valid.</exception>
    public static OnnxDocument Read(Stream stream, string path, CancellationToken cancellationToken)
    {
        try
        {
            return new OnnxParser(stream, cancellationToken).Model();
        }
        catch (Exception fault) when (fault is InvalidProtocolBufferException or InvalidDataException)
        {
            stream.Position = 0;
            var head = ModelFile.Head(stream, cancellationToken);
            throw FileSignature.Recognize(head) switch
            {
                { Format: WeightFormat.Onnx } => new ModelFormatException(
                    path,
                    $"expected {Expected}: {fault.Message}",
                    "The file is cut off or damaged; get it again.",
                    fault
                ),
                null => new ModelFormatException(
                    path,
                    $"its first bytes are of no known format ({Formats}), and it cannot be read as ONNX: {fault.Message}",
                    "Give the path of the right file, or get it again.",
                    fault
                ),
                _ => ModelFile.WrongKind(path, Expected, head, fault.Message),
            };
        }
    }
}
