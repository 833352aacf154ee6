using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace ILGpuMobileNet.Host.Tests.Images;

/// <summary>Pixels that eng/image-goldens.py computed: a .npz of uint8 arrays <c>[H, W, 3]</c>.</summary>
internal sealed partial class GoldenArrays
{
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Images", "Goldens");

    private readonly Dictionary<string, RgbImage> arrays = [];

    private GoldenArrays(string file)
    {
        using var archive = ZipFile.OpenRead(Path.Combine(Folder, file));
        foreach (var entry in archive.Entries)
        {
            using var stream = entry.Open();
            arrays[entry.Name[..^".npy".Length]] = ReadArray(stream);
        }
    }

    public static GoldenArrays Decoded { get; } = new("decoded.npz");

    public static GoldenArrays Resized { get; } = new("resized.npz");

    public IEnumerable<string> Names => arrays.Keys;

    public RgbImage this[string name] => arrays[name];

    private static RgbImage ReadArray(Stream stream)
    {
        var start = new byte[10];
        stream.ReadExactly(start);
        var header = new byte[BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8))];
        stream.ReadExactly(header);
        var shape = Shape().Match(Encoding.ASCII.GetString(header));
        var (height, width) = (int.Parse(shape.Groups[1].Value), int.Parse(shape.Groups[2].Value));
        var pixels = new byte[3 * height * width];
        stream.ReadExactly(pixels);
        return new(width, height, pixels);
    }

    [GeneratedRegex(@"'\|u1', 'fortran_order': False, 'shape': \((\d+), (\d+), 3\)")]
    private static partial Regex Shape();
}
