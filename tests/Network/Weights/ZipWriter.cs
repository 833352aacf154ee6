using System.IO.Compression;
using System.Text;

namespace ILGpuMobileNet.Network.Tests.Weights;

/// <summary>Makes zip archives byte by byte, so that each part can lie.</summary>
internal sealed class ZipWriter
{
    private readonly List<byte> _archive = [];
    private readonly List<byte> _directory = [];
    private ushort _count;

    /// <summary>Makes an archive of stored entries.</summary>
    public static byte[] Archive(params (string Name, byte[] Content)[] entries)
    {
        var writer = new ZipWriter();
        foreach (var (name, content) in entries)
        {
            writer.Add(new Entry(name, content));
        }
        return writer.Finish();
    }

    public static byte[] Deflate(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflate.Write(content);
        }
        return packed.ToArray();
    }

    public ZipWriter Add(Entry entry)
    {
        var start = entry.Start ?? (uint)_archive.Count;
        var localName = Encoding.UTF8.GetBytes(entry.LocalName ?? entry.Name);
        Write(_archive, 0x04034B50u, (ushort)20, entry.Flags, entry.Method, 0u, 0u);
        Write(_archive, (uint)entry.Data.Length, entry.ClaimedSize, (ushort)localName.Length, (ushort)0);
        _archive.AddRange(localName);
        _archive.AddRange(entry.Data);
        var name = Encoding.UTF8.GetBytes(entry.Name);
        Write(_directory, 0x02014B50u, (ushort)20, (ushort)20, entry.Flags, entry.Method, 0u, 0u);
        Write(_directory, entry.StoredSize ?? (uint)entry.Data.Length, entry.ClaimedSize, (ushort)name.Length);
        Write(_directory, (ushort)entry.Extra.Length, (ushort)0, (ushort)0, (ushort)0, 0u, start);
        _directory.AddRange(name);
        _directory.AddRange(entry.Extra);
        _count++;
        return this;
    }

    public byte[] Finish(
        uint? directorySize = null,
        uint? directoryStart = null,
        byte[]? before = null,
        string note = ""
    )
    {
        var start = directoryStart ?? (uint)_archive.Count;
        _archive.AddRange(_directory);
        _archive.AddRange(before ?? []);
        Write(_archive, 0x06054B50u, (ushort)0, (ushort)0, _count, _count);
        Write(_archive, directorySize ?? (uint)_directory.Count, start, (ushort)note.Length);
        _archive.AddRange(Encoding.ASCII.GetBytes(note));
        return [.. _archive];
    }

    private static void Write(List<byte> target, params object[] fields)
    {
        foreach (var field in fields)
        {
            target.AddRange(field is uint wide ? BitConverter.GetBytes(wide) : BitConverter.GetBytes((ushort)field));
        }
    }

    /// <summary>An entry; what is null is said truly.</summary>
    public sealed record Entry(string Name, byte[] Data)
    {
        public ushort Method { get; init; }

        public ushort Flags { get; init; }

        public uint ClaimedSize { get; init; } = (uint)Data.Length;

        public uint? StoredSize { get; init; }

        public uint? Start { get; init; }

        public string? LocalName { get; init; }

        public byte[] Extra { get; init; } = [];
    }
}
