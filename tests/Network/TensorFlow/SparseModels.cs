using System.Runtime.InteropServices;
using System.Text.Json;
using ILGpuMobileNet.Network.TensorFlow;

namespace ILGpuMobileNet.Network.Tests.TensorFlow;

/// <summary>
/// Convolutions whose weights are zeros that take no space on most disks: files that are large without being slow to write.
/// The image has two rows and columns.
/// </summary>
internal static class SparseModels
{
    /// <summary>Writes a TensorFlow Lite file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="inputs">Channels of the image.</param>
    /// <param name="outputs">Channels of the result.</param>
    /// <param name="size">Size of the file, which the weights must fit; null for as much as they need.</param>
    public static void WriteTflite(string path, int inputs, int outputs, long? size = null)
    {
        byte[] marker = [.. "elements"u8];
        var file = new TfliteFile();
        var x = file.Input(1, 2, 2, inputs);
        var weights = file.Tensor("w", [outputs, 1, 1, inputs], TfliteType.FLOAT32, marker);
        (int, object)[] strides = [(1, 1), (2, 1)];
        file.Outputs = [file.Operator(TfliteOperatorCode.CONV_2D, [x, weights], ("y", [1, 2, 2, outputs]), strides)];
        var content = file.Write();
        Array.Resize(ref content, content.Length + (-content.Length & 3));
        // The vector of elements is moved to the end, where it is longer.
        var numbers = MemoryMarshal.Cast<byte, int>(content.AsSpan());
        var old = content.AsSpan().IndexOf(marker) / sizeof(int) - 1;
        var reference = Enumerable
            .Range(0, old)
            .Single(i => BitConverter.ToInt32(content, sizeof(int) * i) == sizeof(int) * (old - i));
        numbers[reference] = content.Length - sizeof(int) * reference;
        var length = (long)inputs * outputs * sizeof(float);
        using var stream = File.Create(path);
        stream.Write(content);
        stream.Write(BitConverter.GetBytes((uint)length));
        stream.SetLength(size ?? stream.Position + length);
    }

    /// <summary>Writes a graph model of TensorFlow.js, its weights in two shards.</summary>
    /// <param name="path">Where; the shards are beside it.</param>
    /// <param name="inputs">Channels of the image.</param>
    /// <param name="outputs">Channels of the result.</param>
    public static void WriteTfjsGraph(string path, int inputs, int outputs)
    {
        object Node(string name, string op, object attr, params string[] input) =>
            new
            {
                name,
                op,
                input,
                attr,
            };
        var sizes = new[] { 1, 2, 2, inputs };
        object[] nodes =
        [
            Node("x", "Placeholder", new { shape = new { shape = new { dim = sizes.Select(size => new { size }) } } }),
            Node("w", "Const", new { }),
            Node("y", "Conv2D", new { padding = new { s = "U0FNRQ==" } }, "x", "w"),
        ];
        int[] shape = [1, 1, inputs, outputs];
        WriteTfjs(path, new { node = nodes }, ("w", shape, (long)inputs * outputs * sizeof(float)));
    }

    /// <summary>Writes a model of TensorFlow.js with zeros for weights, two shards for each tensor.</summary>
    /// <param name="path">Where; the shards are beside it.</param>
    /// <param name="topology">What the file has beside the weights.</param>
    /// <param name="tensors">Names, shapes and bytes of the tensors.</param>
    public static void WriteTfjs(string path, object topology, params (string Name, int[] Shape, long Size)[] tensors)
    {
        var folder = Path.GetDirectoryName(path)!;
        var shards = new List<string>();
        foreach (var size in tensors.SelectMany(tensor => new[] { tensor.Size / 2, tensor.Size - tensor.Size / 2 }))
        {
            shards.Add($"shard{shards.Count}");
            using var shard = File.Create(Path.Combine(folder, shards[^1]));
            shard.SetLength(size);
        }
        var weights = tensors.Select(tensor => new
        {
            name = tensor.Name,
            shape = tensor.Shape,
            dtype = "float32",
        });
        var manifest = new[] { new { paths = shards, weights } };
        File.WriteAllText(path, JsonSerializer.Serialize(new { modelTopology = topology, weightsManifest = manifest }));
    }
}
