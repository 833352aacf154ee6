using System.IO.Compression;
using System.Text;

namespace ILGpuMobileNet.Network.Tests.Weights;

/// <summary>Makes pickles instruction by instruction, honest ones and others.</summary>
internal static class PickleWriter
{
    public static byte[] Pickle(params byte[][] parts) => [0x80, 2, .. parts.SelectMany(part => part), (byte)'.'];

    public static byte[] Global(string module, string name) => Ascii($"c{module}\n{name}\n");

    public static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [(byte)'X', .. BitConverter.GetBytes(bytes.Length), .. bytes];
    }

    /// <summary>A whole number in as many bytes as any needs.</summary>
    public static byte[] Number(long value) => [0x8A, 8, .. BitConverter.GetBytes(value)];

    public static byte[] Tuple(params byte[][] items) => [(byte)'(', .. items.SelectMany(item => item), (byte)'t'];

    public static byte[] Numbers(params long[] values) => Tuple(Array.ConvertAll(values, Number));

    public static byte[] Dictionary(params (string Key, byte[] Value)[] items) =>
        [(byte)'}', (byte)'(', .. items.SelectMany(item => (byte[])[.. Text(item.Key), .. item.Value]), (byte)'u'];

    public static byte[] Call(byte[] function, params byte[][] arguments) =>
        [.. function, .. Tuple(arguments), (byte)'R'];

    public static byte[] Storage(string key, long count, string kind = "FloatStorage") =>
        [.. Tuple(Text("storage"), Global("torch", kind), Text(key), Text("cpu"), Number(count)), (byte)'Q'];

    /// <summary>A tensor of PyTorch.</summary>
    public static byte[] View(byte[] storage, long offset, long[] size, long[] strides) =>
        Call(
            Global("torch._utils", "_rebuild_tensor_v2"),
            storage,
            Number(offset),
            Numbers(size),
            Numbers(strides),
            [0x89],
            [(byte)'N']
        );

    public static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    /// <summary>A PyTorch file of a pickle, and storages that are called 0, 1, ...</summary>
    public static byte[] Torch(byte[] pickle, params byte[][] storages) =>
        ZipWriter.Archive([
            ("a/data.pkl", pickle),
            .. storages.Select((storage, index) => ($"a/data/{index}", storage)),
        ]);

    /// <summary>The pickle of a PyTorch file, and its storages under the folder a.</summary>
    public static (byte[] Pickle, (string Name, byte[] Content)[] Storages) Unpack(byte[] file)
    {
        using var archive = new ZipArchive(new MemoryStream(file));
        var entries = archive.Entries.ToLookup(
            entry => entry.Name == "data.pkl",
            entry => (entry.FullName, Bytes(entry))
        );
        return (
            entries[true].Single().Item2,
            [
                .. entries[false]
                    .Select(entry =>
                        ("a" + entry.FullName[entry.FullName.IndexOf('/', StringComparison.Ordinal)..], entry.Item2)
                    ),
            ]
        );
    }

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }
}
