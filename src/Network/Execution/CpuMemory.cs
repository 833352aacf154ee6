using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>Images of a round that steps are done for, and the memory of what only they have.</summary>
/// <param name="images">The caller's images, from the first of the round.</param>
/// <param name="first">The first of them, counted in the round.</param>
/// <param name="count">How many.</param>
internal readonly unsafe struct ImageRange(float* images, int first, int count)
{
    /// <summary>The caller's images, from the first of the round.</summary>
    public float* Images { get; } = images;

    /// <summary>The first of them, counted in the round.</summary>
    public int First { get; } = first;

    /// <summary>How many.</summary>
    public int Count { get; } = count;

    /// <summary>A thread's working memory, with its images' own values behind it; null for images done together.</summary>
    public float* Scratch { get; init; }
}

/// <summary>The memory of a session's activations but for the images that threads do alone.</summary>
/// <param name="layout">Where values lie.</param>
/// <param name="threads">Threads that run at once.</param>
internal sealed unsafe class CpuMemory(CpuLayout layout, int threads) : IDisposable
{
    private readonly AlignedBuffer _together = new(layout.TogetherLength(threads));
    private readonly AlignedBuffer _common = new(layout.CommonLength);

    /// <summary>Whether threads have memory for images that they do alone.</summary>
    public bool HasOwnImages { get; } = layout.HasOwnImages(threads);

    /// <summary>The operands of a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="images">Whose.</param>
    public Operands Bind(BoundStep step, in ImageRange images) =>
        new(images.Count)
        {
            Input = At(step.Input, images),
            Output = At(step.Output, images),
            Gate = At(step.Gate, images),
            Residual = At(step.Residual, images),
            Sums = At(step.Sums, images),
            Shared = At(step.Shared, images),
        };

    /// <summary>Copies an output of a round's images without the padding of its channels.</summary>
    /// <param name="source">Where it lies.</param>
    /// <param name="output">Receives it.</param>
    public void CopyOutput(CpuOutput source, Span<float> output)
    {
        var pixel = _common.Pointer + source.Offset;
        var channels = source.Shape.Channels;
        for (; !output.IsEmpty; output = output[channels..], pixel += source.Stride)
        {
            new ReadOnlySpan<float>(pixel, channels).CopyTo(output);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _together.Dispose();
        _common.Dispose();
    }

    private float* At(Place? place, in ImageRange images) => place is { } there ? At(there, images) : null;

    private float* At(in Place place, in ImageRange images) =>
        place.Region switch
        {
            Region.Images => images.Images + images.First * place.ImageLength,
            Region.Common => _common.Pointer + place.Offset + images.First * place.ImageLength,
            _ when images.Scratch == null => _together.Pointer + place.OffsetTogether,
            _ => images.Scratch + layout.OwnOffset + place.Offset,
        };
}
