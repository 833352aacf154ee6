using System.Buffers.Binary;
using System.Text;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>Reads the numbers and texts of a pickle from its part of a file, and steps over long ones.</summary>
internal sealed class PickleReader
{
    /// <summary>Longest text that is taken into memory; names of tensors have some fifty bytes.</summary>
    private const int MaxTextSizeInBytes = 1 << 12;

    private const int BufferSizeInBytes = 1 << 16;

    private readonly Stream _stream;
    private readonly long _end;
    private readonly CancellationToken _cancellationToken;
    private readonly byte[] _buffer;
    private long _bufferStart;
    private int _bufferSize;

    /// <summary>Begins at the start of a pickle.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="start">First byte of the pickle.</param>
    /// <param name="size">Its bytes; they lie in the file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public PickleReader(Stream stream, long start, long size, CancellationToken cancellationToken)
    {
        _stream = stream;
        _end = start + size;
        _cancellationToken = cancellationToken;
        _buffer = new byte[Math.Min(size, BufferSizeInBytes)];
        Position = start;
    }

    /// <summary>The next byte, counted from the start of the file.</summary>
    public long Position { get; private set; }

    /// <summary>Reads one byte.</summary>
    public byte ReadByte() => Take(1)[0];

    /// <summary>Reads two bytes as a number without sign.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    /// <summary>Reads four bytes as a number.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    /// <summary>Reads four bytes as a number without sign.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    /// <summary>Reads eight bytes as a number; a length beyond 2^63 is negative and fits nothing.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    /// <summary>Reads a floating-point number, which pickles have in the other byte order.</summary>
    public double ReadDouble() => BinaryPrimitives.ReadDoubleBigEndian(Take(sizeof(double)));

    /// <summary>Reads a whole number in two's complement of any length.</summary>
    /// <param name="size">Its bytes.</param>
    /// <exception cref="InvalidDataException">It has more than eight bytes.</exception>
    public long ReadInteger(long size)
    {
        if (size > sizeof(long))
        {
            throw new InvalidDataException($"a whole number of {size} bytes, expected at most {sizeof(long)}");
        }
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        var read = Take((int)size);
        read.CopyTo(bytes);
        var isNegative = size > 0 && read[^1] >= 0x80;
        bytes[read.Length..].Fill(isNegative ? byte.MaxValue : (byte)0);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    /// <summary>Reads up to the end of a line.</summary>
    /// <exception cref="InvalidDataException">It is longer than a name.</exception>
    public string ReadLine()
    {
        var text = new StringBuilder();
        for (var next = ReadByte(); next != '\n'; next = ReadByte())
        {
            if (text.Append((char)next).Length > MaxTextSizeInBytes)
            {
                throw new InvalidDataException($"a line of more than {MaxTextSizeInBytes} bytes");
            }
        }
        return text.ToString();
    }

    /// <summary>Reads a short text, or steps over a long one.</summary>
    /// <param name="length">Its bytes, as the pickle has them.</param>
    /// <param name="form">How they are written.</param>
    /// <exception cref="InvalidDataException">It does not end in the pickle, or has an escape that is not read.</exception>
    public PickleBytes ReadBytes(long length, ByteForm form)
    {
        if (length < 0 || length > _end - Position)
        {
            throw new InvalidDataException($"{length} bytes where the pickle has {_end - Position} left");
        }
        var start = Position;
        if (length > MaxTextSizeInBytes)
        {
            Position += length;
            return new(start, length, form, null);
        }
        return new(start, length, form, TextOf(Take((int)length), form));
    }

    /// <summary>Reads a text up to the end of its line, or steps over a long one.</summary>
    /// <exception cref="InvalidDataException">It does not end in the pickle, or has an escape that is not read.</exception>
    public PickleBytes ReadTextLine()
    {
        var start = Position;
        return ReadUpTo(start, StepOverLine(), ByteForm.UnicodeEscaped);
    }

    /// <summary>Reads a text of Python 2 between quotes up to the end of its line, or steps over a long one.</summary>
    /// <exception cref="InvalidDataException">
    /// It does not end in the pickle, has no quotes, or has an escape that is not read.
    /// </exception>
    public PickleBytes ReadQuotedLine()
    {
        var start = Position;
        var last = StepOverLine() - 1;
        return last > start && ByteAt(start) is (byte)'\'' or (byte)'"' && ByteAt(start) == ByteAt(last)
            ? ReadUpTo(start + 1, last, ByteForm.Escaped)
            : throw new InvalidDataException("a text without its quotes");
    }

    /// <summary>Goes to the next line; returns where this one ends.</summary>
    private long StepOverLine()
    {
        while (ReadByte() != '\n') { }
        return Position - 1;
    }

    private byte ByteAt(long position)
    {
        var here = Position;
        Position = position;
        var octet = ReadByte();
        Position = here;
        return octet;
    }

    private PickleBytes ReadUpTo(long start, long end, ByteForm form)
    {
        var next = Position;
        Position = start;
        var text = ReadBytes(end - start, form);
        Position = next;
        return text;
    }

    private static string TextOf(ReadOnlySpan<byte> bytes, ByteForm form)
    {
        if (form == ByteForm.Utf8)
        {
            return Encoding.UTF8.GetString(bytes);
        }
        Span<byte> characters = stackalloc byte[bytes.Length];
        return EncodedBytes.TryDecode(bytes, form, characters, out var count)
            ? Encoding.Latin1.GetString(characters[..count])
            : throw new InvalidDataException("a text with an escape that stands for no character up to U+00FF");
    }

    // At most MaxTextSizeInBytes.
    private ReadOnlySpan<byte> Take(int size)
    {
        if (size > _end - Position)
        {
            throw new InvalidDataException("its end in the middle of an instruction");
        }
        if (Position < _bufferStart || Position + size > _bufferStart + _bufferSize)
        {
            _bufferStart = Position;
            _bufferSize = (int)Math.Min(_buffer.Length, _end - Position);
            _stream.Position = Position;
            ModelFile.Fill(_stream, _buffer.AsSpan(0, _bufferSize), _cancellationToken);
        }
        var bytes = _buffer.AsSpan((int)(Position - _bufferStart), size);
        Position += size;
        return bytes;
    }
}
