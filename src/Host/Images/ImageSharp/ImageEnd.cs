using System.Buffers.Binary;

namespace ILGpuMobileNet.Host.Images;

/// <summary>Finds truncated files, which ImageSharp would fill up with grey.</summary>
internal static class ImageEnd
{
    /// <summary>Walks to the end that a PNG or JPEG marks.</summary>
    /// <exception cref="ImageFormatException">The file has no end.</exception>
    public static void Check(ImageSource source, ImageFormat format)
    {
        var bytes = source.Bytes.Span;
        var complete = format == ImageFormat.Png ? HasLastChunk(bytes[8..]) : HasEndOfImage(bytes[2..]);
        if (!complete)
        {
            throw source.Truncated("the image data: its end is not marked");
        }
    }

    private static bool HasLastChunk(ReadOnlySpan<byte> chunks)
    {
        const int Frame = 12;
        while (chunks.Length >= Frame)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(chunks);
            if (chunks[4..].StartsWith("IEND"u8))
            {
                return true;
            }
            chunks = chunks.Length - Frame < length ? [] : chunks[(int)(length + Frame)..];
        }
        return false;
    }

    private static bool HasEndOfImage(ReadOnlySpan<byte> segments)
    {
        while (segments.Length >= 2)
        {
            var isMarker = segments[0] == 0xFF && segments[1] is not (0 or 0xFF);
            switch (segments[1])
            {
                case 0xD9 when isMarker:
                    return true;
                // Restarts have no content; other markers say how long theirs is.
                case not (>= 0xD0 and <= 0xD7) when isMarker && segments.Length >= 4:
                    var skip = 2 + BinaryPrimitives.ReadUInt16BigEndian(segments[2..]);
                    segments = skip > segments.Length ? [] : segments[skip..];
                    break;
                default:
                    segments = segments[1..];
                    break;
            }
        }
        return false;
    }
}
