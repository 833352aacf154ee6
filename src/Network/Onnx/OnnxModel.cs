using System.Runtime.InteropServices;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>
/// Reads ONNX files (operator sets 7 to 21) with the operators that MobileNets and their relatives are exported to, as
/// the unfused layers that an architecture would build. Hard-swish, hard-sigmoid and SiLU are recognised in their decomposed forms.
/// </summary>
public static class OnnxModel
{
    /// <summary>Reads a file, and those beside it where it has elements of tensors there (external data).</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">The input's size where the file leaves it open; null for none.</param>
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
        using var stream = ModelFile.OpenGraph(path);
        using var external = new OnnxExternalData(path);
        return Read(stream, path, options, external, cancellationToken);
    }

    /// <summary>Reads a file without its weights, as far as nothing depends on them.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">The input's size where the file leaves it open.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    internal static NetworkGraph ReadGraph(string path, OnnxReadOptions options, CancellationToken cancellationToken)
    {
        using var stream = ModelFile.OpenGraph(path);
        using var external = new OnnxExternalData(path);
        return Importer(stream, path, external, cancellationToken).Import(options);
    }

    /// <summary>Reads a file that is already in memory; it must hold the elements of its tensors itself.</summary>
    /// <param name="content">Its bytes.</param>
    /// <param name="name">What errors call it; its last part without extension names the network.</param>
    /// <param name="options">The input's size where the file leaves it open; null for none.</param>
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
        using var stream = MemoryMarshal.TryGetArray(content, out var segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);
        return Read(stream, name, options, null, cancellationToken);
    }

    private static Model Read(
        Stream stream,
        string name,
        OnnxReadOptions? options,
        OnnxExternalData? external,
        CancellationToken cancellationToken
    ) => Importer(stream, name, external, cancellationToken).ImportModel(options ?? new OnnxReadOptions());

    private static OnnxImporter Importer(
        Stream stream,
        string name,
        OnnxExternalData? external,
        CancellationToken cancellationToken
    )
    {
        var graph = OnnxDocument.Read(stream, name, cancellationToken).Graph;
        var size = (int)Math.Min(int.MaxValue, stream.Length);
        return new(name, graph, size, external, cancellationToken);
    }
}
