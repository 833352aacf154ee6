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
            throw FileSignature.Recognize(head) is { Format: not WeightFormat.Onnx }
                ? ModelFile.WrongKind(path, Expected, head, fault.Message)
                : new ModelFormatException(
                    path,
                    $"expected {Expected}: {fault.Message}",
                    "The file is cut off or damaged; get it again.",
                    fault
                );
        }
    }
}
