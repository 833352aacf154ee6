namespace ILGpuMobileNet.Host.Images;

/// <summary>
/// Converts channels to RGB. YCbCr as JFIF defines it (BT.601, full range) in 16 bits of fraction, rounded as libjpeg
/// rounds; inks as Pillow converts them, which are stored inverted.
/// </summary>
internal static class JpegColours
{
    private const int FractionBits = 16;
    private const int Half = 1 << (FractionBits - 1);

    /// <summary>The picture of a decoded frame.</summary>
    public static RgbImage ToRgb(JpegFrame frame, JpegColourSpace space)
    {
        var channels = Array.ConvertAll(frame.Components, component => new JpegUpsampling(component, frame));
        var pixels = new byte[3 * frame.Width * frame.Height];
        for (var y = 0; y < frame.Height; y++)
        {
            ConvertRow(channels, space, y, pixels.AsSpan(3 * y * frame.Width, 3 * frame.Width));
        }
        return new(frame.Width, frame.Height, pixels);
    }

    private static void ConvertRow(JpegUpsampling[] channels, JpegColourSpace space, int y, Span<byte> rgb)
    {
        var first = channels[0].Row(y);
        if (space == JpegColourSpace.Grey)
        {
            Interleave(first, first, first, rgb);
            return;
        }
        Interleave(first, channels[1].Row(y), channels[2].Row(y), rgb);
        if (space is JpegColourSpace.YCbCr or JpegColourSpace.Ycck)
        {
            FromYCbCr(rgb);
        }
        if (space == JpegColourSpace.Ycck)
        {
            Invert(rgb);
        }
        if (space is JpegColourSpace.Cmyk or JpegColourSpace.Ycck)
        {
            MixInks(rgb, channels[3].Row(y));
        }
    }

    private static void Interleave(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, Span<byte> rgb)
    {
        for (int x = 0, i = 0; i < rgb.Length; x++, i += 3)
        {
            rgb[i] = a[x];
            rgb[i + 1] = b[x];
            rgb[i + 2] = c[x];
        }
    }

    private static void FromYCbCr(Span<byte> pixels)
    {
        for (var i = 0; i < pixels.Length; i += 3)
        {
            int luma = pixels[i];
            var (cb, cr) = (pixels[i + 1] - 128, pixels[i + 2] - 128);
            pixels[i] = Clamp(luma + ((Fraction(1.40200) * cr + Half) >> FractionBits));
            pixels[i + 1] = Clamp(luma + ((Half - Fraction(0.34414) * cb - Fraction(0.71414) * cr) >> FractionBits));
            pixels[i + 2] = Clamp(luma + ((Fraction(1.77200) * cb + Half) >> FractionBits));
        }
    }

    private static void Invert(Span<byte> bytes)
    {
        foreach (ref var value in bytes)
        {
            value = (byte)~value;
        }
    }

    /// <summary>Light through three inks and black: the bytes are what each lets through.</summary>
    private static void MixInks(Span<byte> pixels, ReadOnlySpan<byte> black)
    {
        for (var i = 0; i < pixels.Length; i++)
        {
            int through = black[i / 3];
            var product = (255 - pixels[i]) * through + 128;
            pixels[i] = (byte)(through - ((product + (product >> 8)) >> 8));
        }
    }

    private static int Fraction(double value) => (int)(value * (1 << FractionBits) + 0.5);

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}
