using Google.Protobuf;

namespace ILGpuMobileNet.Reference.Onnx;

/// <summary>Encodes one protobuf message field by field.</summary>
public sealed class MessageWriter : IDisposable
{
    private readonly MemoryStream _stream = new();
    private readonly CodedOutputStream _output;

    public MessageWriter() => _output = new CodedOutputStream(_stream, leaveOpen: true);

    public MessageWriter Add(int number, string text) => Add(number, ByteString.CopyFromUtf8(text));

    public MessageWriter Add(int number, MessageWriter message) => Add(number, ByteString.CopyFrom(message.ToArray()));

    public MessageWriter Add(int number, ReadOnlySpan<byte> bytes) => Add(number, ByteString.CopyFrom(bytes));

    public MessageWriter Add(int number, long value)
    {
        _output.WriteTag(number, WireFormat.WireType.Varint);
        _output.WriteInt64(value);
        return this;
    }

    public MessageWriter Add(int number, float value)
    {
        _output.WriteTag(number, WireFormat.WireType.Fixed32);
        _output.WriteFloat(value);
        return this;
    }

    public byte[] ToArray()
    {
        _output.Flush();
        return _stream.ToArray();
    }

    public void Dispose()
    {
        _output.Dispose();
        _stream.Dispose();
    }

    private MessageWriter Add(int number, ByteString bytes)
    {
        _output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        _output.WriteBytes(bytes);
        return this;
    }
}
