using System.Text;
using Google.Protobuf;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>One field of a protobuf message.</summary>
/// <param name="Number">Field number.</param>
/// <param name="Type">How it is encoded.</param>
/// <param name="Bits">The number of a varint, fixed32 or fixed64 field; otherwise 0.</param>
/// <param name="Content">The content of a length-delimited field; otherwise null.</param>
internal readonly record struct WireField(int Number, WireFormat.WireType Type, ulong Bits, WireMessage? Content)
{
    /// <summary>The content of a length-delimited field.</summary>
    /// <exception cref="InvalidDataException">The field is a number.</exception>
    public WireMessage Bytes =>
        Content ?? throw new InvalidDataException($"Field {Number} is a {Type}, expected a message, text or bytes.");

    /// <summary>The field as a signed integer; negative numbers are ten-byte varints.</summary>
    public long Int64 => (long)Bits;

    /// <summary>The field as a float, stored as fixed32.</summary>
    public float Single => BitConverter.UInt32BitsToSingle((uint)Bits);

    /// <summary>The field as text.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>The elements of a repeated varint field, whether packed into this field or standing alone.</summary>
    public IEnumerable<long> Int64Elements() => Elements(Int64, input => input.ReadInt64());

    /// <summary>The elements of a repeated float field, whether packed into this field or standing alone.</summary>
    public IEnumerable<float> SingleElements() => Elements(Single, input => input.ReadFloat());

    /// <summary>The elements of a repeated double field, whether packed into this field or standing alone.</summary>
    public IEnumerable<double> DoubleElements() =>
        Elements(BitConverter.UInt64BitsToDouble(Bits), input => input.ReadDouble());

    private IEnumerable<T> Elements<T>(T alone, Func<CodedInputStream, T> read)
    {
        if (Content is not { } packed)
        {
            yield return alone;
            yield break;
        }
        using var input = packed.Open();
        while (!input.IsAtEnd)
        {
            yield return read(input);
        }
    }
}

/// <summary>
/// A slice of memory that is an encoded protobuf message, or the bytes of a field. Nested messages are slices of the
/// same array, so that nothing is copied and no length can reach outside its parent.
/// </summary>
/// <param name="Buffer">What it is a slice of.</param>
/// <param name="Offset">First byte of the slice.</param>
/// <param name="Length">Bytes of the slice.</param>
internal readonly record struct WireMessage(byte[] Buffer, int Offset, int Length)
{
    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => Buffer.AsSpan(Offset, Length);

    /// <summary>Opens the slice for protobuf's primitives.</summary>
    public CodedInputStream Open() => new(Buffer, Offset, Length);

    /// <summary>The fields in file order; groups are skipped.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are not a message.</exception>
    public IEnumerable<WireField> Fields()
    {
        using var input = Open();
        while (input.ReadTag() is var tag and not 0)
        {
            var number = WireFormat.GetTagFieldNumber(tag);
            var type = WireFormat.GetTagWireType(tag);
            switch (type)
            {
                case WireFormat.WireType.Varint:
                    yield return new(number, type, input.ReadUInt64(), null);
                    break;
                case WireFormat.WireType.Fixed32:
                    yield return new(number, type, input.ReadFixed32(), null);
                    break;
                case WireFormat.WireType.Fixed64:
                    yield return new(number, type, input.ReadFixed64(), null);
                    break;
                case WireFormat.WireType.LengthDelimited:
                    yield return new(number, type, 0, Delimited(input));
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }
    }

    private WireMessage Delimited(CodedInputStream input)
    {
        var start = (int)input.Position;
        input.SkipLastField();
        var end = (int)input.Position;
        using var prefix = new CodedInputStream(Buffer, start, end - start);
        var length = prefix.ReadLength();
        return new(Buffer, end - length, length);
    }
}
