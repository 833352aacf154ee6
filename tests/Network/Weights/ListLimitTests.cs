using System.Buffers.Binary;
using System.Text;
using ILGpuMobileNet.Network.TensorFlow;
using ILGpuMobileNet.Network.Tests.Onnx;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Weights;

/// <summary>A file cannot make the reader list without end.</summary>
public class ListLimitTests
{
    private const int TooMany = 123_456;

    [Fact]
    public void A_safetensors_file_of_too_many_tensors_is_refused_with_their_number()
    {
        var tensors = Repeated(i =>
            $"\"t{i}\":{{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[{4 * i},{4 * i + 4}]}}"
        );
        AssertRefused(() => Open($"{{{tensors}}}", 4 * TooMany), "123456 tensors", "at most 100000");
    }

    [Fact]
    public void A_safetensors_file_of_too_many_metadata_is_refused_with_their_number() =>
        AssertRefused(
            () => Open($"{{\"__metadata__\":{{{Repeated(i => $"\"m{i}\":\"x\"")}}}}}", 0),
            "123456 items of metadata",
            "at most 100000"
        );

    [Fact]
    public void A_name_that_no_tensor_has_is_refused()
    {
        var name = new string('n', 40_000);
        var header = $"{{\"{name}\":{{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}}}";
        AssertRefused(() => Open(header, 4), "nnn... (40,000 characters)", "at most 1000 characters");
    }

    [Fact]
    public void An_ONNX_file_of_too_many_nodes_is_refused()
    {
        var file = new GraphFile();
        for (var i = 0; i < TooMany; i++)
        {
            file.Node("Relu", "x", "y");
        }
        file.AssertFault("more than 100000 nodes");
    }

    [Fact]
    public void An_ONNX_file_of_too_many_tensors_is_refused()
    {
        var file = new GraphFile().Node("Relu", "x", "y");
        for (var i = 0; i < TooMany; i++)
        {
            file.Scalar($"s{i}", 0);
        }
        file.AssertFault("more than 100000 tensors");
    }

    [Fact]
    public void A_TensorFlow_js_file_of_too_many_tensors_shards_or_nodes_is_refused_with_their_number()
    {
        var weights = Repeated(i => $"{{\"name\":\"w{i}\",\"shape\":[0],\"dtype\":\"float32\"}}");
        var paths = Repeated(_ => "\"shard\"");
        var nodes = Repeated(i => $"{{\"name\":\"n{i}\",\"op\":\"Relu\"}}");
        AssertRefused(() => Read($"{{\"weightsManifest\":[{{\"weights\":[{weights}]}}]}}"), "123456 tensors");
        AssertRefused(() => Read($"{{\"weightsManifest\":[{{\"paths\":[{paths}],\"weights\":[]}}]}}"), "123456 shards");
        AssertRefused(
            () => Read($"{{\"weightsManifest\":[],\"modelTopology\":{{\"node\":[{nodes}]}}}}"),
            "123456 nodes",
            "at most 100000"
        );
    }

    private static string Repeated(Func<int, string> item) =>
        string.Join(',', Enumerable.Range(0, TooMany).Select(item));

    private static void Open(string header, int size)
    {
        var length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        byte[] content = [.. length, .. Encoding.UTF8.GetBytes(header), .. new byte[size]];
        WeightFiles.Open(new MemoryStream(content), "x", CancellationToken.None).Dispose();
    }

    private static void Read(string json)
    {
        using var document = TfjsDocument.Parse(Encoding.UTF8.GetBytes(json), "x");
        if (document.IsGraph)
        {
            TfjsGraphModel.Read(document, null, CancellationToken.None);
        }
        TfjsLayersFile.Of(document).Dispose();
    }

    private static void AssertRefused(Action read, params string[] expected)
    {
        var fault = Assert.Throws<ModelFormatException>(read);
        Assert.All(expected, part => Assert.Contains(part, fault.Message, StringComparison.Ordinal));
    }
}
