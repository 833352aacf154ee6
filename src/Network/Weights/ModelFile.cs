namespace ILGpuMobileNet.Network.Weights;

/// <summary>Reading a file of a stranger: its length is known before anything is allocated.</summary>
internal static class ModelFile
{
    private const int ChunkSizeInBytes = 1 << 22;
    private const string NameTheFile = "Name the file in it.";

    /// <summary>The formats of weights alone, for errors.</summary>
    public const string WeightFormats = "safetensors, PyTorch's .pth, Paddle's .pdparams";

    /// <summary>
    /// Largest network with its weights that is read, 2 GiB less a byte as the formats have it themselves; the widest
    /// MobileNet has 100 MB.
    /// </summary>
    public const long MaxGraphSizeInBytes = int.MaxValue;

    /// <summary>Opens a file for reading from start to end; links are followed.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="ModelFormatException">It is a folder, a pipe, a device or a socket.</exception>
    /// <exception cref="IOException">It is missing or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading it is not allowed.</exception>
    public static FileStream Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return RegularFile.TryOpen(path, out var other) ?? throw Irregular(path, other!);
    }

    /// <summary>What a link leads to in the end; the file itself where it is none.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="ModelFormatException">The link leads back to itself.</exception>
    public static FileInfo Target(string path) =>
        RegularFile.TryTarget(path) ?? throw Irregular(path, RegularFile.Circle);

    /// <summary>Opens a text to be read once, which may come through a pipe; waits for who writes it.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ModelFormatException">It is a folder.</exception>
    /// <exception cref="IOException">It is missing or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading it is not allowed.</exception>
    public static Task<FileStream> OpenTextAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Directory.Exists(path)
            ? throw new ModelFormatException(path, "expected a text file, got a folder.", NameTheFile)
            // Opening a pipe waits for who writes it, and nothing stops that.
            : Task.Run(() => File.OpenRead(path), cancellationToken).WaitAsync(cancellationToken);
    }

    /// <summary>Reads what comes next of a text, which may come through a pipe or from a console.</summary>
    /// <param name="stream">The text.</param>
    /// <param name="buffer">Receives it.</param>
    /// <param name="cancellationToken">Ends the waiting, also for a stream that does not listen to it.</param>
    /// <returns>How many bytes; 0 at its end.</returns>
    public static async ValueTask<int> ReadTextAsync(
        Stream stream,
        Memory<byte> buffer,
        CancellationToken cancellationToken
    )
    {
        var reading = stream.ReadAsync(buffer, cancellationToken);
        return reading.IsCompleted ? await reading : await reading.AsTask().WaitAsync(cancellationToken);
    }

    /// <summary>Opens a file that is a network with its weights.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="ModelFormatException">It is larger than any that is read.</exception>
    /// <exception cref="IOException">It is missing or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading it is not allowed.</exception>
    public static FileStream OpenGraph(string path)
    {
        var stream = Open(path);
        if (stream.Length <= MaxGraphSizeInBytes)
        {
            return stream;
        }
        var fault = $"has {stream.Length} bytes, expected at most {MaxGraphSizeInBytes}.";
        stream.Dispose();
        throw new ModelFormatException(path, fault, "Give the file of a MobileNet.");
    }

    /// <summary>Fills a buffer, looking at the token between chunks.</summary>
    /// <param name="stream">What is read.</param>
    /// <param name="destination">Filled completely.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="EndOfStreamException">The stream ends before the buffer is full.</exception>
    public static void Fill(Stream stream, Span<byte> destination, CancellationToken cancellationToken)
    {
        while (!destination.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var chunk = destination[..Math.Min(ChunkSizeInBytes, destination.Length)];
            stream.ReadExactly(chunk);
            destination = destination[chunk.Length..];
        }
    }

    private static ModelFormatException Irregular(string path, string got)
    {
        var remedy =
            got == RegularFile.Circle ? "Name the file that it was to lead to."
            : Directory.Exists(path) ? NameTheFile
            : "Copy what it gives into a file, and name that.";
        return new(path, $"expected a regular file, got {got}.", remedy);
    }

    /// <summary>The error for a file that another program shortens while it is read.</summary>
    /// <param name="source">Path of the file.</param>
    /// <param name="tensor">The tensor that could not be read.</param>
    /// <param name="fault">Where it was noticed.</param>
    public static ModelFormatException CutOff(string source, string tensor, EndOfStreamException fault) =>
        new(
            source,
            $"it became shorter while it was read; the elements of tensor '{tensor}' are not there any more.",
            "Let what writes the file finish, then read it again.",
            fault
        );

    /// <summary>The bytes at the start of a file that say what it is; fewer when it is shorter.</summary>
    /// <param name="stream">The file, at its start.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public static byte[] Head(Stream stream, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var head = new byte[Math.Min(stream.Length, FileSignature.HeadSizeInBytes)];
        // Another program may shorten the file meanwhile; whoever reads it on says so.
        return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }

    /// <summary>The error for a file that is not of the expected kind at all.</summary>
    /// <param name="source">Path of the file.</param>
    /// <param name="expected">The expected kind with its article.</param>
    /// <param name="head">The first bytes of the file.</param>
    /// <param name="fault">What does not fit.</param>
    public static ModelFormatException WrongKind(
        string source,
        string expected,
        ReadOnlySpan<byte> head,
        string fault
    ) =>
        FileSignature.Describe(head) is { } kind
            ? new(source, $"expected {expected}, but this looks like {kind}.", "Give the path of the right file.")
            : new(source, $"expected {expected}: {fault}.", "The file is damaged, cut off or of another kind.");
}
