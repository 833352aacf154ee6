namespace ILGpuMobileNet.Host.Images;

/// <summary>A picture of 8 bits per channel, axes <c>[H, W, 3]</c>, red first, rows from the top without padding.</summary>
public sealed class RgbImage
{
    /// <summary>Wraps pixels.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">Bytes <c>[H, W, 3]</c>, RGB; not copied.</param>
    /// <exception cref="ArgumentException">A side is below 1, or the number of bytes is not <c>H·W·3</c>.</exception>
    public RgbImage(int width, int height, ReadOnlyMemory<byte> pixels)
    {
        if (width < 1 || height < 1 || pixels.Length != 3L * width * height)
        {
            throw new ArgumentException(
                $"An image of {width}x{height} needs both sides at least 1 and {3L * width * height} bytes, got {pixels.Length}."
            );
        }
        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Bytes <c>[H, W, 3]</c>, RGB.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }
}
