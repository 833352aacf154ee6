using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>
/// Reads and writes NumPy's .npy files: magic, version (1, 2 or 3), header length, a Python dictionary as text, then the
/// elements. Little-endian float32, float16 and float64 are read; float32 in C order is written.
/// </summary>
public static class Npy
{
    private const string Expected = "a NumPy .npy file";
    private const string Remedy = "Write the file again with numpy.save.";
    private const int MaxHeaderSizeInBytes = 1 << 16;

    /// <summary>Magic, version, and the longer of the two forms of the header's length.</summary>
    private const int MinSizeInBytes = 12;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads an array.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file is not valid, or holds no floating-point numbers.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not allowed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Tensor Read(string path, CancellationToken cancellationToken = default)
    {
        using var stream = ModelFile.Open(path);
        return Read(stream, stream.Length, path, cancellationToken);
    }

    /// <summary>Writes an array as version 1.</summary>
    /// <param name="path">Path of the file; an existing one is replaced.</param>
    /// <param name="array">The array.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Writing the file is not allowed.</exception>
    public static void Write(string path, Tensor array)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = File.Create(path);
        Write(stream, array);
    }

    /// <summary>Reads an array from where a stream stands, without moving back; the stream may inflate as it goes.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="length">Bytes that the array has in it, header included.</param>
    /// <param name="source">What errors call it.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    internal static Tensor Read(Stream stream, long length, string source, CancellationToken cancellationToken)
    {
        var preambleSize = ReadPreamble(stream, length, source, cancellationToken, out var headerSize);
        var bytes = new byte[headerSize];
        ModelFile.Fill(stream, bytes, cancellationToken);
        var header = NpyHeader.Parse(bytes, source);
        var (available, needed) = (
            length - preambleSize - headerSize,
            Elements.SizeInBytes(header.Type, header.ElementCount)
        );
        if (available != needed)
        {
            throw new ModelFormatException(
                source,
                $"shape ({string.Join(", ", header.Shape)}) needs {needed} bytes, got {available}.",
                "The file is cut off or damaged; write it again with numpy.save."
            );
        }
        var data = GC.AllocateUninitializedArray<float>(header.ElementCount);
        Elements.Read(stream, header.Type, data, cancellationToken);
        return header.IsColumnMajor
            ? Strided.Gather(data, header.Shape, Strided.ColumnMajor(header.Shape))
            : new(header.Shape, data);
    }

    internal static void Write(Stream stream, Tensor array)
    {
        ArgumentNullException.ThrowIfNull(array);
        const int preamble = 10;
        const int alignment = 64;
        var text = NpyHeader.Format(array.Shape);
        // The format asks for a line feed at the end and for data that starts at a multiple of 64.
        var padding = alignment - 1 - (preamble + text.Length) % alignment;
        var header = Encoding.ASCII.GetBytes(text + new string(' ', padding) + "\n");
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, checked((ushort)header.Length));
        stream.Write([.. Magic, 1, 0]);
        stream.Write(length);
        stream.Write(header);
        stream.Write(MemoryMarshal.AsBytes(array.Data.Span));
    }

    private static int ReadPreamble(
        Stream stream,
        long length,
        string source,
        CancellationToken cancellationToken,
        out int headerSize
    )
    {
        var head = new byte[Math.Min(length, Magic.Length + 2)];
        ModelFile.Fill(stream, head, cancellationToken);
        if (!head.AsSpan().StartsWith(Magic) || length < MinSizeInBytes)
        {
            var more = new byte[Math.Min(length, FileSignature.HeadSizeInBytes) - head.Length];
            ModelFile.Fill(stream, more, cancellationToken);
            const string fault = "it does not start with the format's magic";
            throw ModelFile.WrongKind(source, Expected, [.. head, .. more], fault);
        }
        var version = head[Magic.Length];
        if (version is < 1 or > 3)
        {
            throw new ModelFormatException(source, $"has .npy version {version}, expected 1, 2 or 3.", Remedy);
        }
        var field = new byte[version == 1 ? sizeof(ushort) : sizeof(uint)];
        ModelFile.Fill(stream, field, cancellationToken);
        var size =
            version == 1
                ? BinaryPrimitives.ReadUInt16LittleEndian(field)
                : BinaryPrimitives.ReadUInt32LittleEndian(field);
        var preamble = head.Length + field.Length;
        if (size > MaxHeaderSizeInBytes || size > length - preamble)
        {
            var fault =
                $"its header would have {size} bytes of {length - preamble}, expected at most {MaxHeaderSizeInBytes}.";
            throw new ModelFormatException(source, fault, Remedy);
        }
        headerSize = (int)size;
        return preamble;
    }
}
