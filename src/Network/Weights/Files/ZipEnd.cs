using System.Buffers.Binary;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>The record at the end of a zip archive that says where its directory is, in both of its widths.</summary>
internal static class ZipEnd
{
    private const int SizeInBytes = 22;
    private const int LocatorSizeInBytes = 20;
    private const int WideSizeInBytes = 56;
    private const int MaxCommentSizeInBytes = ushort.MaxValue;
    private const uint Signature = 0x06054B50;
    private const uint LocatorSignature = 0x07064B50;
    private const uint WideSignature = 0x06064B50;

    /// <summary>Finds the directory.</summary>
    /// <param name="stream">The archive.</param>
    /// <param name="source">Its path.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <returns>Where it starts and its bytes; both lie in the archive.</returns>
    /// <exception cref="ModelFormatException">There is none, or not in the archive.</exception>
    public static (long Start, long Size) Find(Stream stream, string source, CancellationToken cancellationToken)
    {
        var tail = new byte[Math.Min(stream.Length, MaxCommentSizeInBytes + SizeInBytes + LocatorSizeInBytes)];
        var tailStart = stream.Length - tail.Length;
        stream.Position = tailStart;
        ModelFile.Fill(stream, tail, cancellationToken);
        var at = LastRecord(tail);
        if (at < 0)
        {
            throw ZipDirectory.Fault(source, "it has no end record");
        }
        var record = tail.AsSpan(at);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(record[12..]);
        long start = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        if (size == uint.MaxValue || start == uint.MaxValue)
        {
            (start, size) = FindWide(stream, tail.AsSpan(0, at), source);
        }
        return start >= 0 && size >= 0 && start <= tailStart + at - size
            ? (start, size)
            : throw ZipDirectory.Fault(source, $"its directory would have {size} bytes at byte {start}");
    }

    // A comment may follow the record; it has exactly the length that the record says.
    private static int LastRecord(ReadOnlySpan<byte> tail)
    {
        for (var at = tail.Length - SizeInBytes; at >= 0; at--)
        {
            var record = tail[at..];
            if (
                BinaryPrimitives.ReadUInt32LittleEndian(record) == Signature
                && BinaryPrimitives.ReadUInt16LittleEndian(record[20..]) == record.Length - SizeInBytes
            )
            {
                return at;
            }
        }
        return -1;
    }

    private static (long Start, long Size) FindWide(Stream stream, ReadOnlySpan<byte> before, string source)
    {
        var locator = before.Length >= LocatorSizeInBytes ? before[^LocatorSizeInBytes..] : [];
        if (locator.IsEmpty || BinaryPrimitives.ReadUInt32LittleEndian(locator) != LocatorSignature)
        {
            throw ZipDirectory.Fault(source, "its end record points to a wide one (zip64), which is missing");
        }
        var at = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        if (at < 0 || at > stream.Length - WideSizeInBytes)
        {
            throw ZipDirectory.Fault(source, $"its wide end record (zip64) would be at byte {at}");
        }
        Span<byte> record = stackalloc byte[WideSizeInBytes];
        stream.Position = at;
        stream.ReadExactly(record);
        return BinaryPrimitives.ReadUInt32LittleEndian(record) == WideSignature
            ? (
                BinaryPrimitives.ReadInt64LittleEndian(record[48..]),
                BinaryPrimitives.ReadInt64LittleEndian(record[40..])
            )
            : throw ZipDirectory.Fault(source, $"it has no wide end record (zip64) at byte {at}");
    }
}
