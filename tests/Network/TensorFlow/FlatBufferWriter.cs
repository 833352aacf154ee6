using System.Buffers.Binary;
using System.Text;

namespace ILGpuMobileNet.Network.Tests.TensorFlow;

/// <summary>A part of a FlatBuffer that others refer to.</summary>
internal abstract record FlatPart
{
    /// <summary>Writes it and everything that it refers to; parts come behind what refers to them.</summary>
    /// <param name="root">The outermost table.</param>
    /// <param name="magic">Four letters behind the first offset.</param>
    public static byte[] Write(FlatPart root, string magic)
    {
        var file = new List<byte>();
        file.AddRange(new byte[4]);
        file.AddRange(Encoding.ASCII.GetBytes(magic));
        var references = new Queue<(int Position, FlatPart Target)>([(0, root)]);
        while (references.TryDequeue(out var reference))
        {
            // Aligned as the format asks for, also for doubles.
            file.AddRange(new byte[-file.Count & 7]);
            var place = reference.Target.Append(file, (position, target) => references.Enqueue((position, target)));
            Put(file, reference.Position, place - reference.Position);
        }
        return [.. file];
    }

    /// <summary>Overwrites four bytes.</summary>
    protected static void Put(List<byte> file, int position, int value)
    {
        var bytes = BitConverter.GetBytes(value);
        for (var i = 0; i < bytes.Length; i++)
        {
            file[position + i] = bytes[i];
        }
    }

    /// <summary>Appends the part.</summary>
    /// <returns>Where offsets to it lead.</returns>
    protected abstract int Append(List<byte> file, Action<int, FlatPart> refer);
}

/// <summary>A vector of bytes; also a text.</summary>
internal sealed record FlatBytes(int Count, byte[] Content) : FlatPart
{
    public static FlatBytes Of(byte[] content) => new(content.Length, content);

    public static FlatBytes Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static FlatBytes Of(int[] values) => new(values.Length, [.. values.SelectMany(BitConverter.GetBytes)]);

    protected override int Append(List<byte> file, Action<int, FlatPart> refer)
    {
        var place = file.Count;
        file.AddRange(BitConverter.GetBytes(Count));
        file.AddRange(Content);
        file.Add(0);
        return place;
    }
}

/// <summary>A vector of tables.</summary>
internal sealed record FlatList(params FlatPart[] Parts) : FlatPart
{
    protected override int Append(List<byte> file, Action<int, FlatPart> refer)
    {
        var place = file.Count;
        file.AddRange(BitConverter.GetBytes(Parts.Length));
        foreach (var part in Parts)
        {
            refer(file.Count, part);
            file.AddRange(new byte[4]);
        }
        return place;
    }
}

/// <summary>A table: its fields by number, each a byte, a float, a whole number or a part.</summary>
internal sealed record FlatFields(params (int Field, object Value)[] Fields) : FlatPart
{
    protected override int Append(List<byte> file, Action<int, FlatPart> refer)
    {
        var list = file.Count;
        var count = Fields.Length == 0 ? 0 : Fields.Max(field => field.Field) + 1;
        var listSize = 4 + 2 * count;
        file.AddRange(new byte[listSize + (-listSize & 3)]);
        var place = file.Count;
        file.AddRange(BitConverter.GetBytes(place - list));
        foreach (var (field, value) in Fields)
        {
            SetShort(file, list + 4 + 2 * field, file.Count - place);
            AppendValue(file, value, refer);
        }
        SetShort(file, list, listSize);
        SetShort(file, list + 2, file.Count - place);
        return place;
    }

    private static void AppendValue(List<byte> file, object value, Action<int, FlatPart> refer)
    {
        switch (value)
        {
            case FlatPart part:
                refer(file.Count, part);
                file.AddRange(new byte[4]);
                break;
            case float number:
                file.AddRange(BitConverter.GetBytes(number));
                break;
            case byte small:
                file.AddRange([small, 0, 0, 0]);
                break;
            default:
                file.AddRange(BitConverter.GetBytes((int)value));
                break;
        }
    }

    private static void SetShort(List<byte> file, int position, int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        (file[position], file[position + 1]) = (bytes[0], bytes[1]);
    }
}
