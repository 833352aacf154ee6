using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host.Bulk;

/// <summary>Reads lists of images: text with one path on each line, of any number of lines.</summary>
public static class PathList
{
    /// <summary>Longest line that is read, in bytes.</summary>
    public const int MaximalLineLength = 64 << 10;

    /// <summary>Reads a list from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>What <see cref="ReadAsync(Stream, string, CancellationToken)"/> says.</returns>
    /// <exception cref="IOException">The file is missing or cannot be read, while enumerating.</exception>
    /// <exception cref="ModelFormatException">It is no such text, or a folder, while enumerating.</exception>
    public static async IAsyncEnumerable<string> ReadAsync(
        string path,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = await ModelFile.OpenTextAsync(path, cancellationToken);
        await foreach (var line in ReadAsync(stream, path, cancellationToken))
        {
            yield return line;
        }
    }

    /// <summary>Reads a list as it comes, one line at a time.</summary>
    /// <param name="stream">UTF-8 text; it stays open.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The paths as they are written, blank lines left out.</returns>
    /// <exception cref="ModelFormatException">It is no such text, while enumerating.</exception>
    public static async IAsyncEnumerable<string> ReadAsync(
        Stream stream,
        string name,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(stream);
        var reader = new RecordReader(stream, isQuoted: false, MaximalLineLength);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (PathOf(reader.Record, reader.Count, name) is { Length: > 0 } path)
            {
                yield return path;
            }
        }
        RefuseWhatIsNoText(reader, name);
        if (PathOf(reader.Rest, reader.Count + 1, name) is { Length: > 0 } last)
        {
            yield return last;
        }
    }

    private static string PathOf(ReadOnlyMemory<byte> line, long number, string name)
    {
        if (!Utf8.IsValid(line.Span)) // read as far as it goes, it would be the path of other such files too
        {
            throw new ModelFormatException(
                name,
                $"Line {number} is not UTF-8, and a file with such a name cannot be opened.",
                "Rename the file, or write the list in UTF-8."
            );
        }
        var text = Encoding.UTF8.GetString(line.Span).TrimEnd('\r');
        return number == 1 ? text.TrimStart('\uFEFF') : text;
    }

    private static void RefuseWhatIsNoText(RecordReader reader, string name)
    {
        if (reader.IsAtZero || reader.IsAtLongRecord)
        {
            throw new ModelFormatException(
                name,
                reader.IsAtZero
                    ? $"Line {reader.Count + 1} holds a null character, which no path does."
                    : $"Line {reader.Count + 1} is longer than {MaximalLineLength} bytes.",
                "Give a text file with one path on each line; images themselves are named without --list."
            );
        }
    }
}
