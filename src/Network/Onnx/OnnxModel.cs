using System.Runtime.InteropServices;
using Google.Protobuf;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>
/// Reads ONNX files (operator sets 7 to 21) with the operators that MobileNets and their relatives are exported to, as
/// the unfused layers that an architecture would build. Hard-swish, hard-sigmoid and SiLU are recognised in their decomposed forms.
/// </summary>
public static class OnnxModel
{
    private const string Expected = "an ONNX file";

    /// <summary>Largest file that is read, 1 GiB; the widest MobileNet has 100 MB.</summary>
    internal const long MaxSizeInBytes = 1 << 30;

    /// <summary>Reads a file, and those beside it where it has elements of tensors there (external data).</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">The input's shape where the file leaves it open; null for none.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file is not valid, or needs what is not supported.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not allowed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Model Read(
        string path,
        OnnxReadOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        using var stream = ModelFile.Open(path);
        if (stream.Length > MaxSizeInBytes)
        {
            var fault = $"has {stream.Length} bytes, expected at most {MaxSizeInBytes}.";
            throw new ModelFormatException(path, fault, "Give the file of a MobileNet.");
        }
        var content = new byte[stream.Length];
        ModelFile.Fill(stream, content, cancellationToken);
        using var external = new OnnxExternalData(path, cancellationToken);
        return Read(new(content, 0, content.Length), path, options, external, cancellationToken);
    }

    /// <summary>Reads a file that is already in memory; it must hold the elements of its tensors itself.</summary>
    /// <param name="content">Its bytes.</param>
    /// <param name="name">What errors call it; its last part without extension names the network.</param>
    /// <param name="options">The input's shape where the file leaves it open; null for none.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file is not valid, or needs what is not supported.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Model Read(
        ReadOnlyMemory<byte> content,
        string name,
        OnnxReadOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var message = MemoryMarshal.TryGetArray(content, out var segment)
            ? new WireMessage(segment.Array!, segment.Offset, segment.Count)
            : new WireMessage(content.ToArray(), 0, content.Length);
        return Read(message, name, options, null, cancellationToken);
    }

    private static Model Read(
        WireMessage message,
        string name,
        OnnxReadOptions? options,
        OnnxExternalData? external,
        CancellationToken cancellationToken
    )
    {
        var graph = Parse(message, name);
        var importer = new OnnxImporter(name, graph, message.Length, external);
        return importer.Import(options ?? new OnnxReadOptions(), cancellationToken);
    }

    private static OnnxGraph Parse(WireMessage message, string name)
    {
        try
        {
            return OnnxParser.Model(message) ?? throw new InvalidDataException("it holds no graph.");
        }
        catch (Exception fault) when (fault is InvalidProtocolBufferException or InvalidDataException)
        {
            throw FileSignature.Recognize(message.Span) is { Format: not WeightFormat.Onnx } kind
                ? new(
                    name,
                    $"expected {Expected}, but this looks like {kind.Description}.",
                    "Give the path of the right file.",
                    fault
                )
                : new ModelFormatException(
                    name,
                    $"expected {Expected}: {fault.Message}",
                    "The file is cut off or damaged; get it again.",
                    fault
                );
        }
    }
}
