using System.Text;
using Google.Protobuf;
using ILGpuMobileNet.Network.Weights;

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

    private readonly StreamPages _pages = new(stream);
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

    /// <summary>The fields of a message within another one.</summary>
    /// <param name="message">The field that holds it.</param>
    /// <exception cref="InvalidDataException">It is a number, not a message, or its bytes are none, or too many.</exception>
    public IEnumerable<StreamField> Fields(StreamField message) => Fields(Delimited(message).Content, message.End);

    /// <summary>Bytes as they are.</summary>
    /// <param name="start">The first.</param>
    /// <param name="end">The one after the last.</param>
    /// <exception cref="InvalidDataException">They are too many.</exception>
    public byte[] Bytes(long start, long end)
    {
        Spend(end - start);
        var bytes = new byte[end - start];
        return _pages.Read(start, bytes) == bytes.Length
            ? bytes
            : throw new InvalidDataException("A field is cut off.");
    }

    /// <summary>Reads a field with its content.</summary>
    /// <param name="field">The field.</param>
    /// <exception cref="InvalidProtocolBufferException">It is none.</exception>
    /// <exception cref="InvalidDataException">Its bytes are too many.</exception>
    public WireField Load(StreamField field)
    {
        var bytes = Bytes(field.Start, field.End);
        return new WireMessage(bytes, 0, bytes.Length).Fields().First();
    }

    /// <summary>The content of a field as text.</summary>
    /// <param name="field">The field.</param>
    public string Text(StreamField field) => Encoding.UTF8.GetString(Bytes(Delimited(field).Content, field.End));

    private static StreamField Delimited(StreamField field) =>
        field.Type == WireFormat.WireType.LengthDelimited
            ? field
            : throw new InvalidDataException(
                $"Field {field.Number} is a {field.Type}, expected a message, text or bytes."
            );

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
        Span<byte> octet = stackalloc byte[1];
        return _pages.Read(_position++, octet) == 1 ? octet[0] : throw new InvalidDataException("A number is cut off.");
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
