using System.Text;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>Names of a network's classes.</summary>
public sealed class Labels
{
    /// <summary>Largest label file that is read, in bytes.</summary>
    public const int MaximalFileSizeInBytes = 4 << 20;

    private const int FirstSizeInBytes = 1 << 16;
    private const string Remedy = "Give a text file with one label per line, in the order of the network's outputs.";
    private const string BackgroundRemedy =
        "Networks of TF-slim count a background before the classes, others do not: add or remove its line at the top.";
    private const string Background = "background";
    private static readonly Lazy<Labels> _imageNet = new(() => new(ReadImageNet()));
    private static readonly Lazy<Labels> _withBackground = new(() => new([Background, .. ReadImageNet()]));

    internal Labels(IReadOnlyList<string> names) => Names = names;

    /// <summary>The names, in the order of the network's outputs.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The 1000 classes of ImageNet (ILSVRC 2012) by their WordNet names, in the order of the synsets.</summary>
    public static Labels ImageNet => _imageNet.Value;

    /// <summary>The 1001 classes of TF-slim: a background that pictures are not labelled with, then ImageNet's.</summary>
    public static Labels ImageNetWithBackground => _withBackground.Value;

    /// <summary>Number of classes.</summary>
    public int Count => Names.Count;

    /// <summary>Name of a class.</summary>
    /// <param name="index">Index in the network's output, from 0.</param>
    public string this[int index] => Names[index];

    /// <summary>Labels for a network that has none: <c>class 0</c>, <c>class 1</c>, ...</summary>
    /// <param name="count">Number of classes.</param>
    public static Labels Numbered(int count) => new([.. Enumerable.Range(0, count).Select(index => $"class {index}")]);

    /// <summary>Reads a UTF-8 text file with one label per line; blank lines at its end do not count.</summary>
    /// <param name="path">The file.</param>
    /// <param name="classCount">Classes of the network, which the file must have too.</param>
    /// <param name="cancellationToken">Stops the reading, also of a pipe that nobody writes.</param>
    /// <exception cref="ModelFormatException">The file is no such text, too large, or has another number of labels.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Labels Read(string path, int classCount, CancellationToken cancellationToken = default)
    {
        // Awaited on another thread: the caller's may be the one that continuations wait for.
        var names = Task.Run(() => LinesAsync(path, cancellationToken), cancellationToken).GetAwaiter().GetResult();
        if (names.Count != classCount)
        {
            throw new ModelFormatException(
                path,
                $"It has {names.Count} labels, but the network has {classCount} classes.",
                Math.Abs(names.Count - classCount) == 1 ? BackgroundRemedy : Remedy
            );
        }
        var blank = names.FindIndex(name => name.Length == 0);
        return blank < 0
            ? new(names)
            : throw new ModelFormatException(path, $"Line {blank + 1} is blank, expected a label.", Remedy);
    }

    private static string[] ReadImageNet()
    {
        using var stream = typeof(Labels).Assembly.GetManifestResourceStream("imagenet-labels.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<List<string>> LinesAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await BytesAsync(path, cancellationToken);
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.Span);
            return [.. text.TrimStart('\uFEFF').TrimEnd().Split('\n').Select(line => line.Trim())];
        }
        catch (DecoderFallbackException fault)
        {
            throw new ModelFormatException(path, "It is no UTF-8 text.", Remedy, fault);
        }
    }

    // A pipe has no length: what is read is counted.
    private static async Task<ReadOnlyMemory<byte>> BytesAsync(string path, CancellationToken cancellationToken)
    {
        using var stream = await ModelFile.OpenTextAsync(path, cancellationToken);
        var (bytes, size) = (new byte[FirstSizeInBytes], 0);
        while (await ModelFile.ReadTextAsync(stream, bytes.AsMemory(size), cancellationToken) is > 0 and var count)
        {
            size += count;
            if (size > MaximalFileSizeInBytes)
            {
                throw new ModelFormatException(
                    path,
                    $"It is longer than {MaximalFileSizeInBytes} bytes, which a label file is at most.",
                    Remedy
                );
            }
            if (size == bytes.Length)
            {
                Array.Resize(ref bytes, 2 * size);
            }
        }
        return bytes.AsMemory(0, size);
    }
}
