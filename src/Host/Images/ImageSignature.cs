using System.Text;

namespace ILGpuMobileNet.Host.Images;

/// <summary>Tells formats by their first bytes.</summary>
internal static class ImageSignature
{
    private static readonly (byte[] Start, string Name)[] KnownStrangers =
    [
        ("GIF8"u8.ToArray(), "a GIF image"),
        ("II*\0"u8.ToArray(), "a TIFF image"),
        ("MM\0*"u8.ToArray(), "a TIFF image"),
        ("RIFF"u8.ToArray(), "a RIFF file (WebP, WAV or AVI)"),
        ("%PDF"u8.ToArray(), "a PDF document"),
        ("PK\x3\x4"u8.ToArray(), "a ZIP archive"),
        ([0x1F, 0x8B], "gzip data"),
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "a PNG image damaged in its first 8 bytes"),
        ("\0\0\x1\0"u8.ToArray(), "a Windows icon"),
    ];

    private static readonly System.Buffers.SearchValues<byte> Printable = System.Buffers.SearchValues.Create([
        .. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (byte)code),
        (byte)'\n',
        (byte)'\r',
        (byte)'\t',
    ]);

    /// <summary>The format, <see cref="ImageFormat.Unknown"/> for anything else.</summary>
    public static ImageFormat Recognise(ReadOnlySpan<byte> bytes) =>
        bytes switch
        {
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, ..] => ImageFormat.Png,
            [0xFF, 0xD8, 0xFF, ..] => ImageFormat.Jpeg,
            // Bytes 6 to 9 of a BMP are reserved; the size of its header follows at 14.
            [(byte)'B', (byte)'M', _, _, _, _, _, _, _, _, _, _, _, _, >= 12 and <= 124, 0, 0, 0, ..] =>
                ImageFormat.Bmp,
            [
                (byte)'P',
                >= (byte)'1'
                and <= (byte)'6',
                (byte)' '
                or (byte)'\n'
                or (byte)'\r'
                or (byte)'\t'
                or (byte)'#',
                ..,
            ] => ImageFormat.Pnm,
            _ => ImageFormat.Unknown,
        };

    /// <summary>What the bytes look like, for a message.</summary>
    public static string Describe(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return "an empty file (0 bytes)";
        }
        foreach (var (start, name) in KnownStrangers)
        {
            if (bytes.StartsWith(start))
            {
                return name;
            }
        }
        var head = bytes[..Math.Min(bytes.Length, 16)];
        return head.ContainsAnyExcept(Printable)
            ? $"unknown data starting with {Convert.ToHexString(head)}"
            : $"text starting with \"{Text(head)}\"";
    }

    private static string Text(ReadOnlySpan<byte> head) => Encoding.ASCII.GetString(head).ReplaceLineEndings(" ");
}
