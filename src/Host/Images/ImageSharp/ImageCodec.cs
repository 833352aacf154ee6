using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace ILGpuMobileNet.Host.Images;

/// <summary>Decodes with ImageSharp.</summary>
internal static class ImageCodec
{
    public const string Name = "ImageSharp";

    // The best that a format read here can do: deflated rows of one bit a pixel.
    private const int LargestPixelCountOfByte = 1032 * 8;

    private static readonly DecoderOptions Options = new()
    {
        Configuration = new(new PngConfigurationModule(), new JpegConfigurationModule()),
        MaxFrames = 1,
    };

    /// <summary>Decodes a PNG or JPEG.</summary>
    /// <exception cref="ImageFormatException">The bytes are no complete, valid image, or it is too large.</exception>
    public static RgbImage Decode(ImageSource source, ImageFormat format)
    {
        ImageEnd.Check(source, format);
        try
        {
            CheckSize(source);
            using var image = Image.Load<Rgb24>(Options, source.Bytes.Span);
            image.Mutate(context => context.AutoOrient());
            var pixels = new byte[3 * image.Width * image.Height];
            image.CopyPixelDataTo(pixels);
            return new(image.Width, image.Height, pixels);
        }
#pragma warning disable CA1031 // Whatever the library throws on a stranger's bytes is a fault of these bytes.
        catch (Exception exception) when (exception is not ImageFormatException and not OutOfMemoryException)
#pragma warning restore CA1031
        {
            throw source.Fault($"The image cannot be decoded: {exception.Message}", cause: exception);
        }
    }

    private static void CheckSize(ImageSource source)
    {
        var info = Image.Identify(Options, source.Bytes.Span);
        source.CheckSize(info.Width, info.Height);
        source.CheckCapacity((long)info.Width * info.Height / LargestPixelCountOfByte, source.Bytes.Length);
    }
}
