using System.Buffers.Binary;
using System.Text;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>What the directory of a zip archive says about an entry.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Flags">Bit 0: encrypted.</param>
/// <param name="Method">0 stored, 8 deflated.</param>
/// <param name="StoredSize">Bytes in the archive; negative when the archive says nonsense.</param>
/// <param name="Size">Bytes of the content; negative when the archive says nonsense.</param>
internal sealed record ZipHeader(string Name, ushort Flags, ushort Method, long StoredSize, long Size)
{
    private const ushort Zip64Field = 1;
    private const int FieldHeaderSizeInBytes = 4;

    /// <summary>Where the entry's own header begins; negative when the archive says nonsense.</summary>
    public long Start { get; private init; }

    /// <summary>Parses one entry.</summary>
    /// <param name="header">Its fixed part.</param>
    /// <param name="rest">Its name and its extra fields.</param>
    public static ZipHeader Parse(ReadOnlySpan<byte> header, ReadOnlySpan<byte> rest)
    {
        var nameSize = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        var wide = Zip64(rest[nameSize..]);
        var size = Wide(BinaryPrimitives.ReadUInt32LittleEndian(header[24..]), ref wide);
        var storedSize = Wide(BinaryPrimitives.ReadUInt32LittleEndian(header[20..]), ref wide);
        var start = Wide(BinaryPrimitives.ReadUInt32LittleEndian(header[42..]), ref wide);
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
        var method = BinaryPrimitives.ReadUInt16LittleEndian(header[10..]);
        return new(Encoding.UTF8.GetString(rest[..nameSize]), flags, method, storedSize, size) { Start = start };
    }

    // The extra field that has in eight bytes what did not fit into four.
    private static ReadOnlySpan<byte> Zip64(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= FieldHeaderSizeInBytes)
        {
            var size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            var field = extra[FieldHeaderSizeInBytes..];
            field = field[..Math.Min(size, field.Length)];
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == Zip64Field)
            {
                return field;
            }
            extra = extra[(FieldHeaderSizeInBytes + field.Length)..];
        }
        return [];
    }

    private static long Wide(uint narrow, ref ReadOnlySpan<byte> wide)
    {
        if (narrow != uint.MaxValue || wide.Length < sizeof(long))
        {
            return narrow;
        }
        var value = BinaryPrimitives.ReadInt64LittleEndian(wide);
        wide = wide[sizeof(long)..];
        return value;
    }
}
