namespace ILGpuMobileNet.Host.Images;

/// <summary>Decodes with the codecs of this library.</summary>
internal static class ImageCodec
{
    public const string Name = "built-in";

    /// <summary>Decodes a PNG or JPEG.</summary>
    /// <exception cref="ImageFormatException">The bytes are no complete, valid image, or it is too large.</exception>
    public static RgbImage Decode(ImageSource source, ImageFormat format) =>
        format == ImageFormat.Png ? new PngDecoder(source).Decode() : new JpegDecoder(source).Decode();
}
