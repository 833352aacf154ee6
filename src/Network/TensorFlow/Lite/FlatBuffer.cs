using System.Buffers.Binary;
using System.Text;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>
/// A FlatBuffer of a stranger. Every offset, table, vector and text is checked against the file as it is followed;
/// offsets only lead forward, so that nothing is a part of itself. Google's package checks buffers by means of code that
/// its compiler generates from the schema, of which a graph needs a small part.
/// </summary>
/// <param name="content">The file.</param>
/// <param name="source">Its path.</param>
internal sealed class FlatBuffer(byte[] content, string source)
{
    private const string Remedy = "The file is cut off or damaged; get it again.";

    /// <summary>
    /// Elements that may still be read. A file may refer to one vector many times, but honest ones do so rarely: more
    /// elements than the file has bytes are none.
    /// </summary>
    private long _budget = content.Length + (1 << 16);

    /// <summary>The outermost table.</summary>
    public FlatTable Root => new(this, Follow(0));

    /// <summary>A fault of the file.</summary>
    /// <param name="fault">What was got and what was expected.</param>
    public ModelFormatException Fault(string fault) => new(source, fault, Remedy);

    /// <summary>Counts elements that are read.</summary>
    /// <param name="count">How many.</param>
    /// <exception cref="ModelFormatException">The file asks for more than it can honestly have.</exception>
    public void Spend(long count)
    {
        _budget -= count;
        if (_budget < 0)
        {
            throw Fault($"its tables refer to more elements than its {content.Length} bytes can hold.");
        }
    }

    /// <summary>Bytes of the file.</summary>
    /// <param name="position">The first.</param>
    /// <param name="size">How many.</param>
    public WireMessage Slice(long position, long size) =>
        position >= 0 && size >= 0 && position + size <= content.Length
            ? new(content, (int)position, (int)size)
            : throw Fault($"something has {size} bytes at byte {position}, but the file ends at {content.Length}.");

    /// <summary>Where an offset leads.</summary>
    /// <param name="position">Its place.</param>
    public long Follow(long position)
    {
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(Slice(position, sizeof(uint)).Span);
        return offset > 0 ? position + offset : throw Fault($"the offset at byte {position} leads nowhere.");
    }

    /// <summary>A vector's elements.</summary>
    /// <param name="position">Its place.</param>
    /// <param name="elementSize">Bytes of one element.</param>
    public WireMessage Vector(long position, int elementSize)
    {
        var count = BinaryPrimitives.ReadUInt32LittleEndian(Slice(position, sizeof(uint)).Span);
        return Slice(position + sizeof(uint), (long)count * elementSize);
    }
}

/// <summary>A table of a FlatBuffer: fields by number, each of which may be absent.</summary>
/// <param name="File">The file.</param>
/// <param name="Position">Its place.</param>
internal readonly record struct FlatTable(FlatBuffer File, long Position)
{
    /// <summary>A number of 8 bits.</summary>
    /// <param name="field">The field.</param>
    public byte Byte(int field) => Find(field, sizeof(byte)) is { } found ? found.Span[0] : (byte)0;

    /// <summary>A number of 32 bits.</summary>
    /// <param name="field">The field.</param>
    /// <param name="absent">What an absent one counts as.</param>
    public int Integer(int field, int absent = 0) =>
        Find(field, sizeof(int)) is { } found ? BinaryPrimitives.ReadInt32LittleEndian(found.Span) : absent;

    /// <summary>A number.</summary>
    /// <param name="field">The field.</param>
    public float Single(int field) =>
        Find(field, sizeof(float)) is { } found ? BinaryPrimitives.ReadSingleLittleEndian(found.Span) : 0;

    /// <summary>Whether a field is there.</summary>
    /// <param name="field">The field.</param>
    public bool Has(int field) => Find(field, 1) is not null;

    /// <summary>A text; an absent one is empty.</summary>
    /// <param name="field">The field.</param>
    public string Text(int field)
    {
        var bytes = Bytes(field) ?? File.Slice(0, 0);
        File.Spend(bytes.Length);
        return Encoding.UTF8.GetString(bytes.Span);
    }

    /// <summary>A vector of bytes, or null.</summary>
    /// <param name="field">The field.</param>
    public WireMessage? Bytes(int field) => Target(field) is { } place ? File.Vector(place, sizeof(byte)) : null;

    /// <summary>A vector of numbers of 32 bits, or null.</summary>
    /// <param name="field">The field.</param>
    public int[]? Integers(int field)
    {
        if (Target(field) is not { } place)
        {
            return null;
        }
        var elements = File.Vector(place, sizeof(int));
        File.Spend(elements.Length / sizeof(int));
        var values = new int[elements.Length / sizeof(int)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadInt32LittleEndian(elements.Span[(sizeof(int) * i)..]);
        }
        return values;
    }

    /// <summary>A table, or null.</summary>
    /// <param name="field">The field.</param>
    public FlatTable? Table(int field) => Target(field) is { } place ? new(File, place) : null;

    /// <summary>A vector of tables; an absent one is empty.</summary>
    /// <param name="field">The field.</param>
    public FlatTable[] Tables(int field)
    {
        if (Target(field) is not { } place)
        {
            return [];
        }
        var offsets = File.Vector(place, sizeof(uint));
        File.Spend(offsets.Length / sizeof(uint));
        var tables = new FlatTable[offsets.Length / sizeof(uint)];
        for (var i = 0; i < tables.Length; i++)
        {
            tables[i] = new(File, File.Follow(offsets.Offset + sizeof(uint) * i));
        }
        return tables;
    }

    private long? Target(int field) => Find(field, sizeof(uint)) is { } found ? File.Follow(found.Offset) : null;

    /// <summary>A field's bytes: the table begins with the way back to a list of where its fields are.</summary>
    private WireMessage? Find(int field, int size)
    {
        var list = Position - BinaryPrimitives.ReadInt32LittleEndian(File.Slice(Position, sizeof(int)).Span);
        var entry = 2 * sizeof(ushort) + sizeof(ushort) * field;
        if (Short(list) < entry + sizeof(ushort))
        {
            return null;
        }
        var offset = Short(list + entry);
        return offset == 0 ? null : File.Slice(Position + offset, size);
    }

    private ushort Short(long position) =>
        BinaryPrimitives.ReadUInt16LittleEndian(File.Slice(position, sizeof(ushort)).Span);
}
