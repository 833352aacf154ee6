using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Host;

/// <summary>Images of one batch on their way to the network. Reused from batch to batch.</summary>
/// <param name="input">Shape of one image.</param>
/// <param name="maximalCount">Images it can hold.</param>
internal sealed class ImageBatch(FeatureShape input, int maximalCount)
{
    private readonly int _imageSize = checked((int)input.ElementCount);
    private readonly float[] _pixels = new float[checked((int)(input.ElementCount * maximalCount))]; // [N, H, W, C]
    private readonly string?[] _errors = new string?[maximalCount];

    /// <summary>The files, in order.</summary>
    public IReadOnlyList<string> Files { get; private set; } = [];

    /// <summary>Normalised pixels, axes <c>[N, H, W, C]</c>; zeros where a file was no image.</summary>
    public ReadOnlySpan<float> Pixels => _pixels.AsSpan(0, Files.Count * _imageSize);

    /// <summary>Whether there is anything for the network to do.</summary>
    public bool HasImages => _errors.AsSpan(0, Files.Count).Contains(null);

    /// <summary>Takes the next files; their pixels are not there yet.</summary>
    /// <param name="files">At most as many as the batch holds.</param>
    public void Begin(IReadOnlyList<string> files)
    {
        Files = files;
        Array.Clear(_errors);
    }

    /// <summary>Where an image's pixels go.</summary>
    /// <param name="index">Its place in the batch.</param>
    public Span<float> PixelsOf(int index) => _pixels.AsSpan(index * _imageSize, _imageSize);

    /// <summary>What is wrong with a file, or null.</summary>
    /// <param name="index">Its place in the batch.</param>
    public string? ErrorOf(int index) => _errors[index];

    /// <summary>Notes that a file is no image.</summary>
    /// <param name="index">Its place in the batch.</param>
    /// <param name="error">What is wrong with it.</param>
    public void Fail(int index, string error)
    {
        _errors[index] = error;
        PixelsOf(index).Clear();
    }
}
