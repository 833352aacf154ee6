namespace ILGpuMobileNet.Host.Images;

/// <summary>Decodes with the codecs of this library.</summary>
internal static class ImageCodec
{
    public const string Name = "built-in";

    /// <summary>Decodes an image of a known format.</summary>
    /// <exception cref="ImageFormatException">The bytes are no complete, valid image, or it is too large.</exception>
    public static RgbImage Decode(ImageSource source, ImageFormat format) =>
        format switch
        {
            ImageFormat.Png => new PngDecoder(source).Decode(),
            ImageFormat.Jpeg => new JpegDecoder(source).Decode(),
            ImageFormat.Bmp => BmpDecoder.Decode(source),
            _ => new PnmDecoder(source).Decode(),
        };
}
