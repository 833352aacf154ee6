using System.Text;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>Says what a file given by mistake looks like, from its first bytes.</summary>
internal static class FileSignature
{
    /// <summary>How many leading bytes <see cref="Describe"/> looks at.</summary>
    public const int HeadSizeInBytes = 64;

    private static readonly (byte[] Magic, int Offset, string Description)[] _signatures =
    [
        ("version https://git-lfs"u8.ToArray(), 0, "a git-lfs pointer; run 'git lfs pull' to get the file itself"),
        ("PK\u0003\u0004"u8.ToArray(), 0, "a zip archive, as PyTorch's .pt and .pth files are"),
        ([0x93, .. "NUMPY"u8], 0, "a NumPy .npy file"),
        ([0x89, .. "HDF\r\n"u8], 0, "an HDF5 file, as Keras's .h5 files are"),
        ("TFL3"u8.ToArray(), 4, "a TensorFlow Lite file"),
        ([0x1F, 0x8B], 0, "a gzip archive; unpack it first"),
        ([0x80, 0x02], 0, "a Python pickle, as old PyTorch files are"),
    ];

    /// <summary>What the file looks like, or null when its first bytes say nothing.</summary>
    /// <param name="head">The first bytes of the file, at most <see cref="HeadSizeInBytes"/> are read.</param>
    public static string? Describe(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
        {
            return "an empty file";
        }
        foreach (var (magic, offset, description) in _signatures)
        {
            if (head.Length >= offset + magic.Length && head.Slice(offset, magic.Length).SequenceEqual(magic))
            {
                return description;
            }
        }
        return DescribeText(head[..Math.Min(head.Length, HeadSizeInBytes)]);
    }

    private static string? DescribeText(ReadOnlySpan<byte> head)
    {
        // The start of a safetensors file is eight bytes of length and then the header's brace.
        if (head.Length > 8 && head[8] == (byte)'{' && head[..8].Contains((byte)0))
        {
            return "a safetensors file";
        }
        foreach (var character in head)
        {
            if (character < ' ' && character is not ((byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                return null;
            }
        }
        var text = Encoding.Latin1.GetString(head).TrimStart();
        var isHtml =
            text.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
        return isHtml ? "an HTML page, perhaps of a failed download" : "a text file";
    }
}
