using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>
/// A network ready to run on one device for batches up to a fixed size. All memory is taken at construction; a run
/// allocates nothing. A session serves one caller at a time; use one session per concurrent caller.
/// </summary>
public interface ISession : IDisposable
{
    /// <summary>The device it runs on, as it was asked for: <c>cpu</c>, <c>cuda:0</c>.</summary>
    string Device { get; }

    /// <summary>Shape of one input image.</summary>
    FeatureShape Input { get; }

    /// <summary>Shape of one image's output: 1x1xC for logits, HxWxC for a feature map. The first where there are several.</summary>
    FeatureShape Output { get; }

    /// <summary>Shapes of one image's outputs, in the order of <see cref="Graph.NetworkGraph.OutputIds"/>.</summary>
    ImmutableArray<FeatureShape> Outputs { get; }

    /// <summary>Largest batch that a run takes.</summary>
    int MaximalBatch { get; }

    /// <summary>Bytes held, known from the plan before the arena and the scratch are allocated.</summary>
    SessionMemory Memory { get; }

    /// <summary>Runs the network on a batch and gives its output, the first where there are several.</summary>
    /// <param name="input">Images, axes <c>[N, H, W, C]</c>, normalised as the weights expect.</param>
    /// <param name="output">
    /// Receives the results, axes <c>[N, H, W, C]</c> of <see cref="Output"/>; does not overlap the images.
    /// </param>
    /// <param name="batch">Images N, from 1 to <see cref="MaximalBatch"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is not in range.</exception>
    /// <exception cref="ArgumentException">A span's length is not that of the batch.</exception>
    /// <exception cref="InvalidOperationException">Another thread is running this session.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    void Run(ReadOnlySpan<float> input, Span<float> output, int batch);

    /// <summary>Runs the network on a batch and gives all its outputs.</summary>
    /// <param name="input">Images, axes <c>[N, H, W, C]</c>, normalised as the weights expect.</param>
    /// <param name="outputs">
    /// Receive the results, axes <c>[N, H, W, C]</c>, one for each of <see cref="Outputs"/>; they do not overlap each
    /// other or the images.
    /// </param>
    /// <param name="batch">Images N, from 1 to <see cref="MaximalBatch"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is not in range.</exception>
    /// <exception cref="ArgumentException">
    /// The images or a buffer have not the length of the batch, or there is not one buffer for each output.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another thread is running this session.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    void Run(ReadOnlySpan<float> input, ReadOnlySpan<Memory<float>> outputs, int batch);
}

/// <summary>Bytes that a session holds.</summary>
/// <param name="Weights">Folded and packed weights.</param>
/// <param name="Arena">Activations, placed by liveness, of the images that are worked off together.</param>
/// <param name="Scratch">Working memory of the kernels, all threads together.</param>
/// <param name="Staging">Page-locked memory of the host through which a GPU gets images and returns results.</param>
public readonly record struct SessionMemory(long Weights, long Arena, long Scratch, long Staging = 0)
{
    /// <summary>Bytes on the device: all but <see cref="Staging"/>.</summary>
    public long Total => Weights + Arena + Scratch;

    /// <summary>The parts on the device, in words.</summary>
    internal string Parts =>
        $"{Mebibytes.Of(Weights)} of weights, {Mebibytes.Of(Arena)} of activations, {Mebibytes.Of(Scratch)} of working memory";

    /// <summary>Refuses what is more than there is, before it is taken.</summary>
    /// <param name="what">The network with what it is built for.</param>
    /// <param name="availableBytes">Memory of the machine or of its container.</param>
    /// <exception cref="InsufficientMemoryException">It does not fit.</exception>
    internal void CheckFits(string what, long availableBytes)
    {
        if (Total > availableBytes)
        {
            var threads = Scratch > 0 ? ", or fewer threads" : "";
            throw new InsufficientMemoryException(
                $"{what} needs {Mebibytes.Of(Total)}: {Parts}; there are {Mebibytes.Of(availableBytes)}. "
                    + $"Use a smaller batch or input resolution{threads}."
            );
        }
    }
}

/// <summary>What a session is built for.</summary>
/// <param name="MaximalBatch">Largest batch, at least 1.</param>
/// <param name="ThreadCount">Threads of the CPU session; 0 means one per core.</param>
public sealed record SessionOptions(int MaximalBatch = 1, int ThreadCount = 0)
{
    /// <summary>
    /// The file of measured kernel choices that <c>mobilenet tune</c> writes; null means the user's own. Without a
    /// measurement for the device and shape in it, a rule decides. The results are the same either way.
    /// </summary>
    public string? TuningFile { get; init; }
}
