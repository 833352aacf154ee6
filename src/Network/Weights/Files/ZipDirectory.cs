using System.Buffers.Binary;
using System.Text;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>
/// Reads the directory at the end of a zip archive and checks it against the archive: every entry lies in it, none
/// overlaps another, its own header bears the same name, and none claims more than its data can hold.
/// </summary>
internal static class ZipDirectory
{
    private const int MaxDirectorySizeInBytes = 1 << 24; // some 100,000 entries
    private const int HeaderSizeInBytes = 46;
    private const int LocalHeaderSizeInBytes = 30;
    private const uint HeaderSignature = 0x02014B50;
    private const uint LocalHeaderSignature = 0x04034B50;
    private const ushort EncryptedFlag = 1;
    private const ushort StoredMethod = 0;
    private const ushort DeflatedMethod = 8;

    /// <summary>Most bytes that deflate can make of one.</summary>
    private const int MaxDeflateRatio = 1032;

    /// <summary>Largest content of a compressed entry, 1 GiB.</summary>
    private const long MaxInflatedSizeInBytes = 1 << 30;

    /// <summary>Reads the directory.</summary>
    /// <param name="stream">The archive.</param>
    /// <param name="source">Its path.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <returns>The files in the order of their data; folders are left out.</returns>
    /// <exception cref="ModelFormatException">It is no zip archive, damaged, encrypted, or a trap.</exception>
    public static List<ZipEntry> Read(Stream stream, string source, CancellationToken cancellationToken)
    {
        var (start, size) = ZipEnd.Find(stream, source, cancellationToken);
        if (size > MaxDirectorySizeInBytes)
        {
            throw Fault(source, $"its directory has {size} bytes, expected at most {MaxDirectorySizeInBytes}");
        }
        var directory = new byte[size];
        stream.Position = start;
        ModelFile.Fill(stream, directory, cancellationToken);
        var headers = Headers(directory, source);
        headers.Sort((left, right) => left.Start.CompareTo(right.Start));
        var entries = new List<ZipEntry>(headers.Count);
        for (var i = 0; i < headers.Count; i++)
        {
            var end = i + 1 < headers.Count ? headers[i + 1].Start : start;
            cancellationToken.ThrowIfCancellationRequested();
            entries.Add(Locate(stream, headers[i], end, source));
        }
        return [.. entries.Where(entry => !entry.Name.EndsWith('/'))];
    }

    /// <summary>The error for an archive that is not as it should be.</summary>
    /// <param name="source">Path of the archive.</param>
    /// <param name="fault">What is wrong.</param>
    public static ModelFormatException Fault(string source, string fault) =>
        new(source, $"as a zip archive {fault}.", "The file is damaged, cut off or made to harm; get it again.");

    private static List<ZipHeader> Headers(ReadOnlySpan<byte> directory, string source)
    {
        var headers = new List<ZipHeader>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (!directory.IsEmpty)
        {
            if (
                directory.Length < HeaderSizeInBytes
                || BinaryPrimitives.ReadUInt32LittleEndian(directory) != HeaderSignature
            )
            {
                throw Fault(source, $"entry {headers.Count} of its directory is none");
            }
            var nameSize = BinaryPrimitives.ReadUInt16LittleEndian(directory[28..]);
            var extraSize = BinaryPrimitives.ReadUInt16LittleEndian(directory[30..]);
            var commentSize = BinaryPrimitives.ReadUInt16LittleEndian(directory[32..]);
            var size = HeaderSizeInBytes + nameSize + extraSize + commentSize;
            if (size > directory.Length)
            {
                throw Fault(source, $"entry {headers.Count} leaves its directory");
            }
            var header = Checked(
                ZipHeader.Parse(
                    directory[..HeaderSizeInBytes],
                    directory.Slice(HeaderSizeInBytes, nameSize + extraSize)
                ),
                source
            );
            if (!names.Add(header.Name))
            {
                throw Fault(source, $"it has two entries '{header.Name}'");
            }
            headers.Add(header);
            directory = directory[size..];
        }
        return headers;
    }

    private static ZipHeader Checked(ZipHeader header, string source)
    {
        var what = $"its entry '{header.Name}'";
        var folders = header.Name.Split('/', '\\');
        if (folders[0].Length == 0 || folders.Contains(".."))
        {
            throw Fault(source, $"{what} would leave its folder");
        }
        if ((header.Flags & EncryptedFlag) != 0)
        {
            throw Fault(source, $"{what} is encrypted");
        }
        var fits = header.Method switch
        {
            StoredMethod => header.Size == header.StoredSize,
            DeflatedMethod => header.Size <= MaxInflatedSizeInBytes
                && header.Size / MaxDeflateRatio <= header.StoredSize,
            _ => throw Fault(source, $"{what} is compressed by method {header.Method}, expected stored or deflated"),
        };
        return fits && header.Size >= 0
            ? header
            : throw Fault(source, $"{what} claims {header.Size} bytes made of {header.StoredSize}");
    }

    private static ZipEntry Locate(Stream stream, ZipHeader header, long end, string source)
    {
        var what = $"its entry '{header.Name}' at byte {header.Start}";
        var name = Encoding.UTF8.GetBytes(header.Name);
        var local = new byte[LocalHeaderSizeInBytes + name.Length];
        if (header.Start < 0 || header.Start > end - local.Length)
        {
            throw Fault(source, $"{what} is not in the archive or overlaps the next one, which begins at {end}");
        }
        stream.Position = header.Start;
        stream.ReadExactly(local);
        var isSame =
            BinaryPrimitives.ReadUInt32LittleEndian(local) == LocalHeaderSignature
            && BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(26)) == name.Length
            && local.AsSpan(LocalHeaderSizeInBytes).SequenceEqual(name);
        if (!isSame)
        {
            throw Fault(source, $"{what} has no header or another name there");
        }
        var offset = header.Start + local.Length + BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(28));
        if (header.StoredSize < 0 || header.StoredSize > end - offset)
        {
            throw Fault(source, $"{what} has {header.StoredSize} bytes and overlaps what follows at {end}");
        }
        return new(header.Name, offset, header.StoredSize, header.Size, header.Method == DeflatedMethod);
    }
}
