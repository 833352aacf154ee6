using System.Formats.Tar;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>
/// Opens files of strangers, where a path may lead to anything: opening a pipe may wait without end, and a device may
/// never end.
/// </summary>
internal static class RegularFile
{
    /// <summary>What a link is that has no target.</summary>
    public const string Circle = "a link that leads back to itself";

    private const string Pipe = "a pipe";
    private const string Device = "a device";

    /// <summary>Opens a regular file for reading from start to end; links are followed.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="other">What is there where that is no regular file, with its article; else null.</param>
    /// <returns>Null where it is no regular file.</returns>
    /// <exception cref="IOException">It is missing or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading it is not allowed.</exception>
    public static FileStream? TryOpen(string path, out string? other)
    {
        other =
            Directory.Exists(path) ? "a folder"
            : TryTarget(path) is { } target ? TypeOf(target)
            : Circle;
        if (other is not null)
        {
            return null;
        }
        var stream = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            0,
            FileOptions.SequentialScan
        );
        if (stream.CanSeek)
        {
            return stream;
        }
        // A pipe without a name, which /dev/stdin and /dev/fd/63 lead to, is there only to be opened.
        stream.Dispose();
        other = Pipe;
        return null;
    }

    /// <summary>What a link leads to in the end; the file itself where it is none, null where it leads back to itself.</summary>
    /// <param name="path">Path of the file.</param>
    public static FileInfo? TryTarget(string path)
    {
        var file = new FileInfo(path);
        try
        {
            return file.LinkTarget is null ? file : (FileInfo)file.ResolveLinkTarget(returnFinalTarget: true)!;
        }
        catch (IOException) when (file.LinkTarget is not null)
        {
            return null;
        }
    }

    /// <summary>What is no regular file; pipes, devices and sockets have a length of 0 as empty files have.</summary>
    private static string? TypeOf(FileInfo file)
    {
        if (OperatingSystem.IsWindows() || file is not { Exists: true, Length: 0 })
        {
            return null;
        }
        try
        {
            return ArchivedType(file.FullName) switch
            {
                TarEntryType.Fifo => Pipe,
                TarEntryType.CharacterDevice or TarEntryType.BlockDevice => Device,
                _ => null,
            };
        }
        catch (IOException) when (file.Exists)
        {
            return "a socket"; // archives have no entry for it
        }
    }

    // Without opening a file, the runtime tells its type nowhere but to an archive that it goes into.
    private static TarEntryType? ArchivedType(string path)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
        {
            writer.WriteEntry(path, "file");
        }
        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry()?.EntryType;
    }
}
