using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
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

    /// <summary>Largest file that is read, 1 GiB; the widest MobileNet has 100 MB.</summary>
    private const long MaxSizeInBytes = 1 << 30;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="input">Shape of one input image, for files that leave it open; null for the file's own.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file is not valid, or needs what is not supported.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not allowed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Model Read(string path, FeatureShape? input = null, CancellationToken cancellationToken = default)
    {
        using var stream = ModelFile.Open(path);
        if (stream.Length > MaxSizeInBytes)
        {
            var fault = $"has {stream.Length} bytes, expected at most {MaxSizeInBytes}.";
            throw new ModelFormatException(path, fault, "Give the file of a MobileNet.");
        }
        var content = new byte[stream.Length];
        ModelFile.Fill(stream, content, cancellationToken);
        return Read(content, path, input, cancellationToken);
    }

    internal static Model Read(byte[] content, string path, FeatureShape? input, CancellationToken cancellationToken)
    {
        if (content.Length < MagicOffset + 4 || !content.AsSpan(MagicOffset, 4).SequenceEqual("TFL3"u8))
        {
            throw ModelFile.WrongKind(path, Expected, content, "it does not begin as one");
        }
        var graph = new TfliteGraph(new FlatBuffer(content, path), path);
        TfliteOperators.CheckSupported(graph.Operators, path);
        graph.CheckTypes();
        ImmutableArray<long?> axes = graph.Input.Signature;
        graph.Values.Input(graph.Input.Name, axes);
        foreach (var each in graph.Operators)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TfliteOperators.Import(each);
        }
        return graph.Values.Import(graph.Output.Name, input, cancellationToken);
    }
}
