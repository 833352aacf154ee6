using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>
/// Reads and writes NumPy's .npy files with little-endian float32 in C order: magic, version (1, 2 or 3), header
/// length, a Python dictionary as text, then the elements.
/// </summary>
public static class Npy
{
    private const string Expected = "a NumPy .npy file";
    private const string Remedy = "Write the file again with numpy.save.";
    private const int MaxHeaderSizeInBytes = 1 << 16;

    /// <summary>Magic, version and the four bytes of length that versions 2 and 3 have.</summary>
    private const int MaxPreambleSizeInBytes = 12;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads an array.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file is not valid, not float32, or in Fortran order.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not allowed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Tensor Read(string path, CancellationToken cancellationToken = default)
    {
        using var stream = ModelFile.Open(path);
        return Read(stream, path, cancellationToken);
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

    internal static Tensor Read(Stream stream, string source, CancellationToken cancellationToken)
    {
        var (headerStart, header) = ReadHeader(stream, source, cancellationToken);
        var (shape, count) = NpyHeader.Parse(header, source);
        var available = stream.Length - headerStart - header.Length;
        if (available != (long)count * sizeof(float))
        {
            throw new ModelFormatException(
                source,
                $"shape ({string.Join(", ", shape)}) needs {(long)count * sizeof(float)} bytes, got {available}.",
                "The file is cut off or damaged; write it again with numpy.save."
            );
        }
        var data = new float[count];
        stream.Position = headerStart + header.Length;
        ModelFile.Fill(stream, MemoryMarshal.AsBytes(data.AsSpan()), cancellationToken);
        return new(shape, data);
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

    private static (int Start, byte[] Header) ReadHeader(
        Stream stream,
        string source,
        CancellationToken cancellationToken
    )
    {
        var head = new byte[Math.Min(stream.Length, FileSignature.HeadSizeInBytes)];
        ModelFile.Fill(stream, head, cancellationToken);
        if (head.Length < MaxPreambleSizeInBytes || !head.AsSpan().StartsWith(Magic))
        {
            throw ModelFile.WrongKind(source, Expected, head, "it does not start with the format's magic");
        }
        var version = head[Magic.Length];
        if (version is < 1 or > 3)
        {
            throw new ModelFormatException(source, $"has .npy version {version}, expected 1, 2 or 3.", Remedy);
        }
        var start = version == 1 ? MaxPreambleSizeInBytes - 2 : MaxPreambleSizeInBytes;
        var size =
            version == 1
                ? BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(8))
                : BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(8));
        if (size > MaxHeaderSizeInBytes || size > stream.Length - start)
        {
            var fault =
                $"its header would have {size} bytes of {stream.Length - start}, expected at most {MaxHeaderSizeInBytes}.";
            throw new ModelFormatException(source, fault, Remedy);
        }
        var header = new byte[size];
        stream.Position = start;
        ModelFile.Fill(stream, header, cancellationToken);
        return (start, header);
    }
}
