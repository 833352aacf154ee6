using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Host;

/// <summary>Between the layout of files that other frameworks write, NCHW, and this library's, NHWC.</summary>
public static class ChannelLayout
{
    /// <summary>Moves the channels last.</summary>
    /// <param name="source">Axes <c>[N, C, H, W]</c>.</param>
    /// <param name="shape">Height, width and channels of one image.</param>
    /// <param name="destination">Axes <c>[N, H, W, C]</c>, as long as the source; must not overlap it.</param>
    /// <exception cref="ArgumentException">The lengths differ or are no whole number of images.</exception>
    public static void ToChannelsLast(ReadOnlySpan<float> source, FeatureShape shape, Span<float> destination) =>
        TransposeImages(source, destination, shape.Channels, checked((int)shape.PixelCount));

    /// <summary>Moves the channels before the rows.</summary>
    /// <param name="source">Axes <c>[N, H, W, C]</c>.</param>
    /// <param name="shape">Height, width and channels of one image.</param>
    /// <param name="destination">Axes <c>[N, C, H, W]</c>, as long as the source; must not overlap it.</param>
    /// <exception cref="ArgumentException">The lengths differ or are no whole number of images.</exception>
    public static void ToChannelsFirst(ReadOnlySpan<float> source, FeatureShape shape, Span<float> destination) =>
        TransposeImages(source, destination, checked((int)shape.PixelCount), shape.Channels);

    private static void TransposeImages(ReadOnlySpan<float> source, Span<float> destination, int rows, int columns)
    {
        var size = checked(rows * columns);
        if (source.Length != destination.Length || source.Length % size != 0)
        {
            throw new ArgumentException(
                $"Got {source.Length} elements to move into {destination.Length}; expected the same number, a multiple of {size}."
            );
        }
        for (var start = 0; start < source.Length; start += size)
        {
            Transpose(source.Slice(start, size), destination.Slice(start, size), rows, columns);
        }
    }

    private static void Transpose(ReadOnlySpan<float> source, Span<float> destination, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                destination[column * rows + row] = source[row * columns + column];
            }
        }
    }
}
