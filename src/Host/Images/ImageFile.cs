using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host.Images;

/// <summary>
/// Reads PNG, JPEG (baseline and progressive), BMP and PNM. The content decides which it is, not the file's name.
/// Orientation in EXIF data is applied, transparency is ignored. Of 16-bit samples PNG keeps the high byte;
/// PNM's samples are scaled to 255 and rounded.
/// </summary>
/// <remarks>All members may be called from several threads at once.</remarks>
public static class ImageFile
{
    /// <summary>Images of more pixels are refused, before memory is taken for them, unless another limit is given.</summary>
    public const int DefaultPixelLimit = 100_000_000;

    /// <summary>Files of more bytes are refused: 1 GiB.</summary>
    public const long MaximumSizeInBytes = 1L << 30;

    /// <summary>The codecs this build uses for PNG and JPEG: <c>built-in</c> or <c>ImageSharp</c>.</summary>
    public static string CodecName => ImageCodec.Name;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Path of a regular file.</param>
    /// <param name="pixelLimit">Largest number of pixels accepted, 1 to 700 million.</param>
    /// <exception cref="ImageFormatException">It is no regular file, no complete, valid image, or too large.</exception>
    /// <exception cref="IOException">The file cannot be found or read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty, or the limit out of range.</exception>
    public static RgbImage Load(string path, int pixelLimit = DefaultPixelLimit)
    {
        using var stream =
            RegularFile.TryOpen(path, out var other)
            ?? throw new ImageFormatException(
                path,
                $"It is {other}, expected a regular file.",
                "Save the image in a file of its own."
            );
        var length = stream.Length;
        if (length > MaximumSizeInBytes)
        {
            throw new ImageFormatException(
                path,
                $"The file has {length} bytes, at most {MaximumSizeInBytes} are read.",
                "Save the image in a smaller size."
            );
        }
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return Decode(bytes, path, pixelLimit);
    }

    /// <summary>Decodes the bytes of a file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="pixelLimit">Largest number of pixels accepted, 1 to 700 million.</param>
    /// <exception cref="ImageFormatException">The bytes are no complete, valid image, or it is too large.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of range.</exception>
    public static RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, int pixelLimit = DefaultPixelLimit)
    {
        // Three bytes a pixel stay below the largest array.
        ArgumentOutOfRangeException.ThrowIfLessThan(pixelLimit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pixelLimit, 700_000_000);
        var source = new ImageSource(bytes, name, pixelLimit);
        return ImageSignature.Recognise(bytes.Span) switch
        {
            ImageFormat.Unknown => throw source.Fault(
                $"This is no image that can be read: it looks like {ImageSignature.Describe(bytes.Span)}.",
                "Give a PNG, JPEG, BMP or PNM file."
            ),
            // Ours in every build: ImageSharp 3.1 misreads several kinds of PNM, and a small BMP can make it take 400 MB.
            ImageFormat.Pnm => new PnmDecoder(source).Decode(),
            ImageFormat.Bmp => BmpDecoder.Decode(source),
            var format => ImageCodec.Decode(source, format),
        };
    }
}
