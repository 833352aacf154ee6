using System.Collections.Immutable;
using System.IO.Compression;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>
/// An open NumPy .npz archive of named arrays, stored (<c>numpy.savez</c>) or deflated (<c>numpy.savez_compressed</c>).
/// Only the archive's directory is read when it is opened; an array when it is asked for. Several threads may read.
/// </summary>
public sealed class NpzFile : IDisposable
{
    private const string Suffix = ".npy";

    private readonly Stream _stream;
    private readonly Lock _turn = new();
    private readonly Dictionary<string, ZipEntry> _entries;
    private bool _isDisposed;

    private NpzFile(Stream stream, string path, IReadOnlyCollection<ZipEntry> entries)
    {
        _stream = stream;
        Path = path;
        _entries = entries.ToDictionary(NameOf, StringComparer.Ordinal);
        Names = [.. entries.Select(NameOf)];
    }

    /// <summary>Path of the file; stands in every error.</summary>
    public string Path { get; }

    /// <summary>Names of the arrays in the order of the file, as they were given to <c>numpy.savez</c>.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Opens an archive.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file is no .npz archive, or damaged.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not allowed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static NpzFile Open(string path, CancellationToken cancellationToken = default) =>
        Open(ModelFile.Open(path), path, cancellationToken);

    internal static NpzFile Open(Stream stream, string path, CancellationToken cancellationToken)
    {
        try
        {
            var head = ModelFile.Head(stream, cancellationToken);
            if (!FileSignature.IsZip(head))
            {
                throw ModelFile.WrongKind(path, "a NumPy .npz file", head, "it is no zip archive");
            }
            var entries = ZipDirectory.Read(stream, path, cancellationToken);
            var other = entries.Find(entry => !entry.Name.EndsWith(Suffix, StringComparison.Ordinal));
            return other is null
                ? new(stream, path, entries)
                : throw new ModelFormatException(
                    path,
                    $"expected a NumPy .npz file, but this zip archive holds '{other.Name}', which is no .npy file.",
                    "Write the file with numpy.savez."
                );
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Writes an archive as <c>numpy.savez</c> does.</summary>
    /// <param name="path">Path of the file; an existing one is replaced.</param>
    /// <param name="arrays">Arrays with their names, each name once.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Writing the file is not allowed.</exception>
    public static void Write(string path, params IEnumerable<(string Name, Tensor Array)> arrays)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(arrays);
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var (name, array) in arrays)
        {
            var entry = archive.CreateEntry(name + Suffix, CompressionLevel.NoCompression);
            // As NumPy has it: the same arrays give the same bytes.
            entry.LastWriteTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using var stream = entry.Open();
            Npy.Write(stream, array);
        }
    }

    /// <summary>Reads an array as float32, in row-major order.</summary>
    /// <param name="name">One of the <see cref="Names"/>.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="KeyNotFoundException">The archive has no array of this name.</exception>
    /// <exception cref="ModelFormatException">The array is damaged, or holds no floating-point numbers.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The archive was closed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Tensor Read(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var entry = _entries.TryGetValue(name, out var found)
            ? found
            : throw new KeyNotFoundException($"{Path} has no array '{name}'.");
        lock (_turn)
        {
            return Read(entry, $"{Path}, array '{name}'", cancellationToken);
        }
    }

    /// <summary>Closes the archive.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _stream.Dispose();
    }

    private Tensor Read(ZipEntry entry, string source, CancellationToken cancellationToken)
    {
        try
        {
            if (!entry.IsDeflated)
            {
                _stream.Position = entry.Offset;
                return Npy.Read(_stream, entry.Size, source, cancellationToken);
            }
            using var inflated = entry.Inflate(_stream);
            var array = Npy.Read(inflated, entry.Size, source, cancellationToken);
            return inflated.ReadByte() < 0
                ? array
                : throw new InvalidDataException($"it inflates to more than its {entry.Size} bytes.");
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException)
        {
            throw new ModelFormatException(
                source,
                $"its data is damaged: {fault.Message}",
                "Write the file again with numpy.savez.",
                fault
            );
        }
    }

    private static string NameOf(ZipEntry entry) => entry.Name[..^Suffix.Length];
}
