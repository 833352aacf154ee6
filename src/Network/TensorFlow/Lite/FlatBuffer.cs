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
/// <param name="stream">The file, which stays open as long as elements are to be read.</param>
/// <param name="source">Its path.</param>
internal sealed class FlatBuffer(Stream stream, string source)
{
    private const string Remedy = "The file is cut off or damaged; get it again.";
    private const long Slack = 1 << 16;

    /// <summary>Most that is read of tables, texts and lists of numbers, whatever the file's size: graphs have less.</summary>
    private const long MostParts = 4 << 20;

    /// <summary>What a table counts as: as many numbers as a small one has.</summary>
    private const int TableParts = 8;

    private readonly StreamPages _pages = new(stream);
    private readonly long _length = stream.Length;

    /// <summary>
    /// Parts and elements that may still be read. A file may refer to one vector many times, but honest ones do so rarely:
    /// more than the file has bytes are none.
    /// </summary>
    private (long Parts, long Elements) _budget = (Math.Min(stream.Length, MostParts) + Slack, stream.Length + Slack);

    /// <summary>The outermost table.</summary>
    public FlatTable Root => new(this, Follow(0));

    /// <summary>A fault of the file.</summary>
    /// <param name="fault">What was got and what was expected.</param>
    public ModelFormatException Fault(string fault) => new(source, fault, Remedy);

    /// <summary>Where the elements of a tensor are, still to be read.</summary>
    /// <param name="vector">Their bytes.</param>
    /// <param name="count">How many there are.</param>
    public OnnxElements Elements(FlatVector vector, int count)
    {
        Spend((0, count));
        return new StreamElements(stream, vector.Start, vector.Count, AreRaw: true);
    }

    /// <summary>Bytes of a text.</summary>
    /// <param name="vector">Where they are.</param>
    public byte[] Bytes(FlatVector vector)
    {
        Spend((vector.Count, 0));
        var bytes = new byte[vector.Count];
        Read(vector.Start, bytes);
        return bytes;
    }

    /// <summary>A list of numbers of 32 bits.</summary>
    /// <param name="vector">Where they are.</param>
    public int[] Integers(FlatVector vector)
    {
        Spend((vector.Count, 0));
        var values = new int[vector.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (int)Number(vector.Start + sizeof(int) * i, sizeof(int));
        }
        return values;
    }

    /// <summary>A list of tables.</summary>
    /// <param name="vector">Where the offsets to them are.</param>
    public FlatTable[] Tables(FlatVector vector)
    {
        Spend((TableParts * vector.Count, 0));
        var tables = new FlatTable[vector.Count];
        for (var i = 0; i < tables.Length; i++)
        {
            tables[i] = new(this, Follow(vector.Start + sizeof(uint) * i));
        }
        return tables;
    }

    /// <summary>A number without its sign.</summary>
    /// <param name="position">Its first byte.</param>
    /// <param name="size">Its bytes, at most eight.</param>
    public ulong Number(long position, int size)
    {
        Check(position, size);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        Read(position, bytes[..size]);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Where an offset leads.</summary>
    /// <param name="position">Its place.</param>
    public long Follow(long position)
    {
        var offset = (long)Number(position, sizeof(uint));
        return offset > 0 ? position + offset : throw Fault($"the offset at byte {position} leads nowhere.");
    }

    /// <summary>A vector, which the file has wholly.</summary>
    /// <param name="position">Its place.</param>
    /// <param name="elementSize">Bytes of one element.</param>
    public FlatVector Vector(long position, int elementSize)
    {
        var count = (long)Number(position, sizeof(uint));
        Check(position + sizeof(uint), count * elementSize);
        return new(position + sizeof(uint), count);
    }

    private void Check(long position, long size)
    {
        if (position < 0 || position + size > _length)
        {
            throw Fault($"something has {size} bytes at byte {position}, but the file ends at {_length}.");
        }
    }

    private void Read(long position, Span<byte> destination)
    {
        if (_pages.Read(position, destination) < destination.Length)
        {
            throw Fault($"it had {_length} bytes, but was cut off while it was read.");
        }
    }

    private void Spend((long Parts, long Elements) counts)
    {
        _budget = (_budget.Parts - counts.Parts, _budget.Elements - counts.Elements);
        if (_budget is not (>= 0, >= 0))
        {
            throw Fault($"its tables refer to more elements than its {_length} bytes can hold.");
        }
    }
}

/// <summary>A vector of a FlatBuffer.</summary>
/// <param name="Start">Its first element.</param>
/// <param name="Count">Elements.</param>
internal readonly record struct FlatVector(long Start, long Count);

/// <summary>A table of a FlatBuffer: fields by number, each of which may be absent.</summary>
/// <param name="File">The file.</param>
/// <param name="Position">Its place.</param>
internal readonly record struct FlatTable(FlatBuffer File, long Position)
{
    /// <summary>A number of 8 bits.</summary>
    /// <param name="field">The field.</param>
    public byte Byte(int field) => (byte)(Number(field, sizeof(byte)) ?? 0);

    /// <summary>A number of 32 bits.</summary>
    /// <param name="field">The field.</param>
    /// <param name="absent">What an absent one counts as.</param>
    public int Integer(int field, int absent = 0) => (int?)Number(field, sizeof(int)) ?? absent;

    /// <summary>A number.</summary>
    /// <param name="field">The field.</param>
    public float Single(int field) => BitConverter.UInt32BitsToSingle((uint)(Number(field, sizeof(float)) ?? 0));

    /// <summary>Whether a field is there.</summary>
    /// <param name="field">The field.</param>
    public bool Has(int field) => Find(field) is not null;

    /// <summary>A text; an absent one is empty.</summary>
    /// <param name="field">The field.</param>
    public string Text(int field) => Bytes(field) is { } text ? Encoding.UTF8.GetString(File.Bytes(text)) : "";

    /// <summary>A vector of bytes, or null.</summary>
    /// <param name="field">The field.</param>
    public FlatVector? Bytes(int field) => Target(field) is { } place ? File.Vector(place, sizeof(byte)) : null;

    /// <summary>A vector of numbers of 32 bits, or null.</summary>
    /// <param name="field">The field.</param>
    public int[]? Integers(int field) =>
        Target(field) is { } place ? File.Integers(File.Vector(place, sizeof(int))) : null;

    /// <summary>A table, or null.</summary>
    /// <param name="field">The field.</param>
    public FlatTable? Table(int field) => Target(field) is { } place ? new(File, place) : null;

    /// <summary>A vector of tables; an absent one is empty.</summary>
    /// <param name="field">The field.</param>
    public FlatTable[] Tables(int field) =>
        Target(field) is { } place ? File.Tables(File.Vector(place, sizeof(uint))) : [];

    private ulong? Number(int field, int size) => Find(field) is { } place ? File.Number(place, size) : null;

    private long? Target(int field) => Find(field) is { } place ? File.Follow(place) : null;

    /// <summary>Where a field is: the table begins with the way back to a list of that.</summary>
    private long? Find(int field)
    {
        var list = Position - (int)File.Number(Position, sizeof(int));
        var entry = 2 * sizeof(ushort) + sizeof(ushort) * field;
        if (Short(list) < entry + sizeof(ushort))
        {
            return null;
        }
        var offset = Short(list + entry);
        return offset == 0 ? null : Position + offset;
    }

    private int Short(long position) => (int)File.Number(position, sizeof(ushort));
}
