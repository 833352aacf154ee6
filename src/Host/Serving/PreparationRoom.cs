using System.Collections.Concurrent;
using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>
/// Prepares pictures beside the inference: a few at once, and only as many ahead as its memory holds, which a picture keeps
/// until it is answered, so that it can go to another device when the first one fails.
/// </summary>
/// <param name="reader">Prepares them.</param>
/// <param name="input">Shape of a prepared picture.</param>
/// <param name="capacity">Pictures inside, at most.</param>
/// <param name="decoders">Pictures that are prepared at once.</param>
#pragma warning disable CA1001 // Its semaphores hold nothing, and a call that was given up may still decode after the end.
internal sealed class PreparationRoom(ImageReader reader, FeatureShape input, int capacity, int decoders)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _room = new(capacity);
    private readonly SemaphoreSlim _decoders = new(decoders);
    private readonly ConcurrentBag<float[]> _idle = [];

    /// <summary>Waits for memory for a picture; <see cref="Leave"/> gives it back.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<float[]> EnterAsync(CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        return _idle.TryTake(out var pixels) ? pixels : new float[input.ElementCount];
    }

    /// <summary>Decodes a picture and brings it to the network's input, on a thread of the pool.</summary>
    /// <param name="load">Reads and decodes it.</param>
    /// <param name="pixels">Receives it, axes <c>[H, W, C]</c>.</param>
    /// <param name="cancellationToken">Ends the waiting for a decoder.</param>
    public async Task PrepareAsync(Func<RgbImage> load, float[] pixels, CancellationToken cancellationToken)
    {
        await _decoders.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Task.Run(() => reader.Prepare(load(), pixels), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _decoders.Release();
        }
    }

    /// <summary>Takes memory back.</summary>
    /// <param name="pixels">The memory, which is not read or written any more.</param>
    public void Leave(float[] pixels)
    {
        _idle.Add(pixels);
        _room.Release();
    }
}
