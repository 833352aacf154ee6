namespace ILGpuMobileNet.Host.Images;

/// <summary>Collects what the file says about its colours; decides as libjpeg does.</summary>
internal sealed class JpegColourHints
{
    private bool hasJfif;

    // 0 none, 1 YCbCr, 2 YCCK; null without Adobe's segment.
    private int? adobeTransform;

    /// <summary>Reads an APP0 or APP14 segment; others of the same number are ignored.</summary>
    public void Read(byte marker, ReadOnlySpan<byte> content)
    {
        if (marker == JpegMarkers.Jfif)
        {
            hasJfif |= content.StartsWith("JFIF\0"u8);
        }
        else if (content.StartsWith("Adobe"u8) && content.Length >= 12)
        {
            adobeTransform = content[11];
        }
    }

    /// <summary>The colour space of the frame.</summary>
    public JpegColourSpace Choose(JpegFrame frame) =>
        frame.Components.Length switch
        {
            1 => JpegColourSpace.Grey,
            3 => IsRgb(frame.Components) ? JpegColourSpace.Rgb : JpegColourSpace.YCbCr,
            _ => adobeTransform == 2 ? JpegColourSpace.Ycck : JpegColourSpace.Cmyk,
        };

    private bool IsRgb(JpegComponent[] components)
    {
        if (hasJfif)
        {
            return false;
        }
        return adobeTransform is int transform
            ? transform == 0
            : components.Select(component => (char)component.Id).SequenceEqual("RGB");
    }
}
