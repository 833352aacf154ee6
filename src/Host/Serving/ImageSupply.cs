using ILGpuMobileNet.Host.Images;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>Where the image of a call comes from.</summary>
internal abstract class ImageSupply
{
    /// <summary>Gets the image ready; once.</summary>
    /// <param name="cancellationToken">Set when nobody waits for the call any more.</param>
    /// <returns>Axes <c>[H, W, C]</c>; read until the call has ended.</returns>
    public abstract ValueTask<ReadOnlyMemory<float>> BringAsync(CancellationToken cancellationToken);

    /// <summary>Takes the image back when the call has ended, and the bringing too; once.</summary>
    public virtual void TakeBack() { }
}

/// <summary>An image that its caller has prepared.</summary>
/// <param name="image">Axes <c>[H, W, C]</c>.</param>
internal sealed class LentImage(ReadOnlyMemory<float> image) : ImageSupply
{
    /// <inheritdoc/>
    public override ValueTask<ReadOnlyMemory<float>> BringAsync(CancellationToken cancellationToken) => new(image);
}

/// <summary>A picture that is decoded and brought to the network's input.</summary>
/// <param name="load">Reads and decodes it.</param>
/// <param name="room">Where it is prepared.</param>
internal sealed class Picture(Func<RgbImage> load, PreparationRoom room) : ImageSupply
{
    private float[]? _pixels;

    /// <inheritdoc/>
    public override async ValueTask<ReadOnlyMemory<float>> BringAsync(CancellationToken cancellationToken)
    {
        _pixels = await room.EnterAsync(cancellationToken).ConfigureAwait(false);
        await room.PrepareAsync(load, _pixels, cancellationToken).ConfigureAwait(false);
        return _pixels;
    }

    /// <inheritdoc/>
    public override void TakeBack()
    {
        if (_pixels is { } pixels)
        {
            room.Leave(pixels);
        }
    }
}
