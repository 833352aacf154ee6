using System.Collections.Immutable;
using Google.Protobuf;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>What an ONNX file holds, whether or not it can be run.</summary>
/// <param name="Opset">Version of the default operator set, 0 where the file names none.</param>
/// <param name="Operators">How often each operator occurs, by name.</param>
internal sealed record OnnxSummary(long Opset, ImmutableSortedDictionary<string, int> Operators)
{
    /// <summary>Reads a file's list of operators.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <returns>Null where the file is no ONNX graph or too large for one.</returns>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static OnnxSummary? Read(string path, CancellationToken cancellationToken)
    {
        using var stream = ModelFile.Open(path);
        if (stream.Length > OnnxModel.MaxSizeInBytes)
        {
            return null;
        }
        var content = new byte[stream.Length];
        ModelFile.Fill(stream, content, cancellationToken);
        return Parse(new(content, 0, content.Length));
    }

    private static OnnxSummary? Parse(WireMessage message)
    {
        try
        {
            return OnnxParser.Model(message) is { } graph ? new(graph.Opset, Counts(graph)) : null;
        }
        catch (Exception fault) when (fault is InvalidProtocolBufferException or InvalidDataException)
        {
            return null;
        }
    }

    private static ImmutableSortedDictionary<string, int> Counts(OnnxGraph graph) =>
        graph
            .Nodes.CountBy(node => node.Operator, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
}
