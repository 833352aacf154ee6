using System.Text;
using Google.Protobuf;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>One field of a protobuf message in a stream; its content is still there.</summary>
/// <param name="Number">Field number.</param>
/// <param name="Type">How it is encoded.</param>
/// <param name="Start">First byte of the field, its tag.</param>
/// <param name="Content">First byte of what follows tag and length.</param>
/// <param name="End">Byte after the last.</param>
internal readonly record struct StreamField(int Number, WireFormat.WireType Type, long Start, long Content, long End)
{
    /// <summary>Bytes of the content.</summary>
    public long Length => End - Content;
}

/// <summary>
/// Walks through encoded protobuf messages without reading what is inside their fields. What is read is bounded, so
/// that a large file costs no memory.
/// </summary>
/// <param name="stream">The file.</param>
internal sealed class WireStream(Stream stream)
{
    /// <summary>Most bytes that may be read of a file in all, besides elements: a graph without them has fewer.</summary>
    private const int MostBytes = 64 << 20;

    private readonly byte[] _buffer = new byte[1 << 12];
    private long _bufferStart;
    private int _bufferLength;
    private long _position;
    private long _bytesRead;

    /// <summary>The fields of a message in file order.</summary>
    /// <param name="start">First byte of the message.</param>
    /// <param name="end">Byte after the last.</param>
    /// <exception cref="InvalidDataException">The bytes are not a message, or too many.</exception>
    public IEnumerable<StreamField> Fields(long start, long end)
    {
        for (var at = start; at < end; )
        {
            var field = Field(at, end);
            yield return field;
            at = field.End;
        }
    }

    /// <summary>Bytes as they are.</summary>
    /// <param name="start">The first.</param>
    /// <param name="end">The one after the last.</param>
    /// <exception cref="InvalidDataException">They are too many.</exception>
    public byte[] Bytes(long start, long end)
    {
        Spend(end - start);
        var bytes = new byte[end - start];
        stream.Position = start;
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The content of a field as text.</summary>
    /// <param name="field">The field.</param>
    public string Text(StreamField field) => Encoding.UTF8.GetString(Bytes(field.Content, field.End));

    private StreamField Field(long start, long end)
    {
        _position = start;
        var tag = Varint();
        var (number, type) = ((int)Math.Min(tag >> 3, int.MaxValue), (WireFormat.WireType)(tag & 7));
        ulong length = type switch
        {
            WireFormat.WireType.Varint => 0,
            WireFormat.WireType.Fixed32 => sizeof(uint),
            WireFormat.WireType.Fixed64 => sizeof(ulong),
            WireFormat.WireType.LengthDelimited => Varint(),
            _ => throw new InvalidDataException($"Field {number} has the wire type {type}, which ONNX does not use."),
        };
        var content = _position;
        if (type == WireFormat.WireType.Varint)
        {
            Varint();
            return Checked(new(number, type, start, content, _position), end);
        }
        return length <= (ulong)Math.Max(0, end - content)
            ? new(number, type, start, content, content + (long)length)
            : throw new InvalidDataException($"Field {number} of {length} bytes reaches beyond its message.");
    }

    private static StreamField Checked(StreamField field, long end) =>
        field.End <= end ? field : throw new InvalidDataException($"Field {field.Number} reaches beyond its message.");

    private ulong Varint()
    {
        const int mostBits = 64;
        var value = 0UL;
        for (var shift = 0; shift < mostBits; shift += 7)
        {
            var octet = Octet();
            value |= ((ulong)octet & 0x7F) << shift;
            if (octet < 0x80)
            {
                return value;
            }
        }
        throw new InvalidDataException("A number has more than ten bytes.");
    }

    private byte Octet()
    {
        Spend(1);
        if (_position < _bufferStart || _position >= _bufferStart + _bufferLength)
        {
            stream.Position = _bufferStart = _position;
            _bufferLength = stream.Read(_buffer);
        }
        return _bufferLength > 0
            ? _buffer[_position++ - _bufferStart]
            : throw new InvalidDataException("A number is cut off.");
    }

    private void Spend(long count)
    {
        _bytesRead += count;
        if (_bytesRead > MostBytes)
        {
            throw new InvalidDataException($"It has more than {MostBytes} bytes besides the elements of its tensors.");
        }
    }
}
