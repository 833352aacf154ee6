using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Host.Images;

/// <summary>Turns images into a network's input.</summary>
/// <remarks>Keeps its memory between calls and takes more only for larger images; for one thread at a time.</remarks>
public sealed class Preprocessor
{
    private readonly Preprocessing preprocessing;
    private readonly ResizeNormalize resize;
    private byte[] cropped = [];

    /// <summary>Prepares for a network.</summary>
    /// <param name="preprocessing">What the network's weights were trained with.</param>
    /// <param name="target">Shape of the input, three channels.</param>
    /// <exception cref="ArgumentException">
    /// The input has not three channels, a mean or standard deviation is out of its range, or the resized image would not
    /// cover the input.
    /// </exception>
    public Preprocessor(Preprocessing preprocessing, FeatureShape target)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        this.preprocessing = preprocessing;
        Target = target;
        if (Target.Channels != 3 || Target.Height < 1 || Target.Width < 1)
        {
            throw new ArgumentException($"The input has shape {Target}; images need HxWx3 with sides of at least 1.");
        }
        preprocessing.Check();
        resize = new(new(preprocessing.Interpolation, preprocessing.Antialias), Normalization(preprocessing));
    }

    /// <summary>Shape of the network's input.</summary>
    public FeatureShape Target { get; }

    private Extent TargetExtent => new(Target.Height, Target.Width);

    /// <summary>Processes one image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="nhwc">Receives the input of one image, <c>[H, W, 3]</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="nhwc"/> has not the length of the input.</exception>
    public void Run(RgbImage image, Span<float> nhwc)
    {
        ArgumentNullException.ThrowIfNull(image);
        var (offset, size) = preprocessing.Visible(image.Width, image.Height);
        var pixels = offset == default ? image.Pixels.Span : Crop(image, offset, size);
        resize.Run(pixels, preprocessing.Geometry(size.Width, size.Height, TargetExtent), nhwc);
    }

    private ReadOnlySpan<byte> Crop(RgbImage image, Extent offset, Extent size)
    {
        var (stride, length) = (3 * image.Width, 3 * size.Width);
        cropped = cropped.Length < size.Height * length ? new byte[size.Height * length] : cropped;
        for (var y = 0; y < size.Height; y++)
        {
            var row = image.Pixels.Span.Slice((offset.Height + y) * stride + 3 * offset.Width, length);
            row.CopyTo(cropped.AsSpan(y * length));
        }
        return cropped.AsSpan(0, size.Height * length);
    }

    private static PixelNormalization Normalization(Preprocessing preprocessing)
    {
        var (mean, std) = (preprocessing.Mean, preprocessing.Std);
        return new(
            new(1 / (255 * std.Red), 1 / (255 * std.Green), 1 / (255 * std.Blue)),
            new(-mean.Red / std.Red, -mean.Green / std.Green, -mean.Blue / std.Blue),
            preprocessing.Order
        );
    }
}
