using System.Buffers;
using System.Text;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>Says what a file looks like from its first bytes, whatever it is called.</summary>
internal static class FileSignature
{
    /// <summary>How many leading bytes are looked at.</summary>
    public const int HeadSizeInBytes = 264;

    private const int TextHeadSizeInBytes = 64;
    private const int LengthSizeInBytes = sizeof(ulong);

    private const int ZipNameOffset = 30;

    private const string Utf16 = "a text in UTF-16; save it in UTF-8";

    private const string KerasRemedy =
        "save its weights by their names as safetensors (safetensors.numpy.save_file), or convert the model with "
        + "tensorflowjs_converter or tf2onnx";

    private static readonly SearchValues<byte> s_nameCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_."u8
    );

    private static ReadOnlySpan<byte> Zip => "PK\u0003\u0004"u8;

    // PyTorch's magic number 0x1950A86A20F9469CFC6C as a pickle has it: a whole number of ten bytes.
    private static ReadOnlySpan<byte> OldTorchMagic =>
        [0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19];

    private static readonly (byte[] Magic, int Offset, FileKind Kind)[] _signatures =
    [
        ("version https://git-lfs"u8.ToArray(), 0, new("a git-lfs pointer; run 'git lfs pull' to get the file itself")),
        (
            "PK\u0003\u0004"u8.ToArray(),
            0,
            new("a zip archive, as PyTorch's .pt and .pth files are", WeightFormat.PyTorch)
        ),
        ([0x93, .. "NUMPY"u8], 0, new("a NumPy .npy file")),
        ([0x89, .. "HDF\r\n"u8], 0, new($"an HDF5 file, as Keras's .h5 files are; {KerasRemedy}")),
        ("TFL3"u8.ToArray(), 4, new("a TensorFlow Lite file", WeightFormat.TensorFlowLite)),
        ("PK\u0005\u0006"u8.ToArray(), 0, new("a zip archive with nothing in it")),
        ([0x1F, 0x8B], 0, new("a gzip archive; unpack it first")),
        ([.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C], 0, new("a 7z archive; unpack it first")),
        ([0xFD, .. "7zXZ"u8, 0], 0, new("an xz archive; unpack it first")),
        ("BZh"u8.ToArray(), 0, new("a bzip2 archive; unpack it first")),
        ([0x28, 0xB5, 0x2F, 0xFD], 0, new("a zstd archive; unpack it first")),
        ("Rar!\u001A"u8.ToArray(), 0, new("a rar archive; unpack it first")),
        (
            "ustar"u8.ToArray(),
            257,
            new(
                "a tar archive, as PyTorch's oldest files are; unpack it, or save it again, in PyTorch: "
                    + "torch.save(torch.load('in.pth', map_location='cpu', weights_only=False), 'out.pth')"
            )
        ),
        ([0xFF, 0xFE], 0, new(Utf16)),
        ([0xFE, 0xFF], 0, new(Utf16)),
    ];

    /// <summary>What the file looks like, or null when its first bytes say nothing.</summary>
    /// <param name="head">The first bytes of the file, at most <see cref="HeadSizeInBytes"/> are read.</param>
    public static string? Describe(ReadOnlySpan<byte> head) => Recognize(head)?.Description;

    /// <summary>What the file looks like, and the format it would be read as.</summary>
    /// <param name="head">The first bytes of the file, at most <see cref="HeadSizeInBytes"/> are read.</param>
    public static FileKind? Recognize(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
        {
            return new("an empty file");
        }
        if (IsKeras(head))
        {
            return new($"a Keras file, as its .keras files are; {KerasRemedy}");
        }
        foreach (var (magic, offset, kind) in _signatures)
        {
            if (head.Length >= offset + magic.Length && head.Slice(offset, magic.Length).SequenceEqual(magic))
            {
                return kind;
            }
        }
        return RecognizeOnnx(head)
            ?? RecognizePickle(head)
            ?? RecognizeSafetensors(head)
            ?? RecognizeText(head[..Math.Min(head.Length, TextHeadSizeInBytes)]);
    }

    /// <summary>Whether the file is a zip archive.</summary>
    /// <param name="head">The first bytes of the file.</param>
    public static bool IsZip(ReadOnlySpan<byte> head) => head.StartsWith(Zip);

    // Keras writes this entry first; the entries of a PyTorch file all lie in a folder.
    private static bool IsKeras(ReadOnlySpan<byte> head) =>
        IsZip(head) && head.Length > ZipNameOffset && head[ZipNameOffset..].StartsWith("metadata.json"u8);

    // A ModelProto begins with its version (field 1, a small number); producer (2), graph (7) or operator set (8) follows.
    private static FileKind? RecognizeOnnx(ReadOnlySpan<byte> head) =>
        head is [0x08, >= 1 and <= 32, 0x12 or 0x3A or 0x42, ..] ? new("an ONNX file", WeightFormat.Onnx) : null;

    // A pickle of protocol 2 to 5 begins with the instruction PROTO and its number, one of 0 or 1 with its first object.
    private static FileKind? RecognizePickle(ReadOnlySpan<byte> head)
    {
        if (head is not [0x80, >= 2 and <= 5, ..] && !IsOldPickle(head))
        {
            return null;
        }
        return head[2..].StartsWith(OldTorchMagic)
            ? new(
                "a PyTorch file in the format of before version 1.6; save it again, in PyTorch: "
                    + "torch.save(torch.load('in.pth', map_location='cpu'), 'out.pth')"
            )
            : new("a Python pickle, as Paddle's .pdparams files are", WeightFormat.Paddle);
    }

    // A container under number 0, or 1 of Python 2, or a function by two lines, its module and its name, with its number
    // or arguments next.
    private static bool IsOldPickle(ReadOnlySpan<byte> head)
    {
        var isContainer =
            head
            is [(byte)'(', (byte)'d' or (byte)'l', (byte)'p', (byte)'0' or (byte)'1', (byte)'\n', ..]
                or [(byte)'}' or (byte)']', (byte)'q', 0 or 1, ..];
        if (isContainer)
        {
            return true;
        }
        if (head is not [(byte)'c', .. var rest])
        {
            return false;
        }
        for (var lines = 0; lines < 2; lines++)
        {
            var end = rest.IndexOfAnyExcept(s_nameCharacters);
            if (end < 1 || rest[end] != '\n')
            {
                return false;
            }
            rest = rest[(end + 1)..];
        }
        return rest
            is [(byte)'(', ..]
                or [(byte)')', (byte)'R', ..]
                or [(byte)'p', >= (byte)'0' and <= (byte)'9', ..]
                or [(byte)'q', 0 or 1, ..];
    }

    // The start of a safetensors file is eight bytes of length and then the header's brace. What else a text of JSON may
    // begin with, and must not here, is told by its reader: a list, a comment, a mark of UTF-8.
    private static FileKind? RecognizeSafetensors(ReadOnlySpan<byte> head)
    {
        var isOne =
            head.Length > LengthSizeInBytes
            && head[LengthSizeInBytes..]
                is [(byte)'{', ..]
                    or [(byte)'[', ..]
                    or [(byte)'/', (byte)'*' or (byte)'/', ..]
                    or [0xEF, 0xBB, 0xBF, ..]
            && head[..LengthSizeInBytes].Contains((byte)0);
        return isOne ? new("a safetensors file", WeightFormat.Safetensors) : null;
    }

    private static FileKind? RecognizeText(ReadOnlySpan<byte> head)
    {
        foreach (var character in head)
        {
            if (character < ' ' && character is not ((byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                return null;
            }
        }
        var text = Encoding.UTF8.GetString(head).TrimStart('\uFEFF').TrimStart();
        if (text.StartsWith('{') || text.StartsWith('['))
        {
            return new("a JSON file, as TensorFlow.js's model.json is", WeightFormat.TensorFlowJsLayers);
        }
        var isHtml =
            text.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
        return new(
            isHtml ? "an HTML page, perhaps of a failed download"
            : text.StartsWith("<?xml", StringComparison.Ordinal) ? "an XML document, perhaps of a failed download"
            : "a text file"
        );
    }
}
