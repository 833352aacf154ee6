using System.Text.Json.Nodes;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.TensorFlow;
using ILGpuMobileNet.Network.Tests.Weights;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Network.Tests.TensorFlow;

public sealed class TfjsLayersTests : IDisposable
{
    private static readonly string _good = TensorFlowGolden.PathOf("layers_uint8", "model.json");

    private readonly TemporaryFolder _folder = new();

    public TfjsLayersTests()
    {
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(_good)!))
        {
            File.Copy(file, _folder.PathOf(Path.GetFileName(file)));
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("float32", ElementType.F32)]
    [InlineData("float16", ElementType.F16)]
    [InlineData("uint8", ElementType.U8)]
    [InlineData("uint16", ElementType.U16)]
    public void Weights_are_those_that_TensorFlow_js_reads(string packing, ElementType type)
    {
        var name = $"layers_{packing}";
        using var file = WeightFiles.Open(TensorFlowGolden.PathOf(name, "model.json"));
        var weights = file.Tensors.SelectMany(tensor => file.Read(tensor.Name).Data.ToArray()).ToArray();
        Assert.Equal(TensorFlowGolden.Array(name, "weights.npy").Data.ToArray(), weights);
        Assert.All(file.Tensors, tensor => Assert.Equal(type, tensor.Type));
        Assert.Equal(WeightFormat.TensorFlowJsLayers, file.Format);
        Assert.Equal([3, 3, 3, 4], file.Tensors.Single(tensor => tensor.Name == "conv1/kernel").Shape.AsEnumerable());
        Assert.Equal([3, 3, 4, 1], file.Read("conv_dw_1/depthwise_kernel").Shape.AsEnumerable());
    }

    [Fact]
    public void Metadata_tell_who_wrote_it()
    {
        using var file = WeightFiles.Open(_good);
        Assert.Equal("layers-model", file.Metadata["format"]);
        Assert.StartsWith("TensorFlow.js", file.Metadata["generatedBy"], StringComparison.Ordinal);
        Assert.False(file.Metadata.ContainsKey("convertedBy"));
    }

    [Fact]
    public void The_topology_tells_what_is_computed()
    {
        using var file = WeightFiles.Open(_good);
        var found = file.ReadComputation(Extent.Square(32), default)!;
        Assert.Equal((null, new FeatureShape(16, 16, 3)), (found.Unread, found.Graph!.Input));
        Assert.Equal(1e-3, Norms(found).First().Epsilon, 1e-9);
        Assert.Contains(found.Graph!.Layers, layer => layer is SoftmaxLayer);
    }

    [Fact]
    public void The_converter_wraps_the_topology_and_models_may_be_nested()
    {
        using var file = Edited(json =>
        {
            var inner = json["modelTopology"]!.DeepClone();
            inner["config"] = inner["config"]!["layers"]!.DeepClone();
            var outer = new JsonObject
            {
                ["class_name"] = "Functional",
                ["config"] = new JsonObject { ["layers"] = new JsonArray(inner) },
            };
            json["modelTopology"] = new JsonObject { ["keras_version"] = "2.15.0", ["model_config"] = outer };
        });
        using var plain = WeightFiles.Open(_good);
        Assert.Equal(
            plain.ReadComputation(Extent.Square(32), default)!.Graph!.Layers.Select(layer => layer.Output),
            file.ReadComputation(Extent.Square(32), default)!.Graph!.Layers.Select(layer => layer.Output)
        );
    }

    private static IEnumerable<BatchNormLayer> Norms(FileComputation found) =>
        found.Graph!.Layers.OfType<BatchNormLayer>();

    [Fact]
    public void A_manifest_alone_is_weights_without_metadata()
    {
        var json = JsonNode.Parse(File.ReadAllText(_good))!;
        _folder.Write("model.json", json["weightsManifest"]!.ToJsonString());
        using var file = WeightFiles.Open(_folder.PathOf("model.json"));
        Assert.Empty(file.Metadata);
        Assert.Null(file.ReadComputation(Extent.Square(32), default));
        Assert.Equal([5], file.Read("predictions/bias").Shape.AsEnumerable());
    }

    [Theory]
    [InlineData("../secret", "'../secret'")]
    [InlineData("/etc/passwd", "'/etc/passwd'")]
    [InlineData("C:shard", "'C:shard'")]
    [InlineData("..\\secret", "expected the name of a file")]
    [InlineData("./..", "expected the name of a file")]
    [InlineData("", "expected the name of a file")]
    [InlineData("group1", "is missing")]
    public void Shards_are_files_of_the_folder(string path, string expected) =>
        AssertFault(json => Group(json)["paths"]![0] = path, expected);

    [Fact]
    public void A_link_may_not_leave_the_folder()
    {
        using var outside = new TemporaryFile(new byte[101]);
        File.CreateSymbolicLink(_folder.PathOf("link"), outside.Path);
        AssertFault(json => Group(json)["paths"]![0] = "link", "a link that leaves the folder");
    }

    [Fact]
    public void A_link_may_not_lead_back_to_itself()
    {
        File.CreateSymbolicLink(_folder.PathOf("link"), "link");
        AssertFault(json => Group(json)["paths"]![0] = "link", "a link that leads back to itself");
    }

    [Fact]
    public void A_mark_of_UTF_8_may_precede_the_text()
    {
        File.WriteAllBytes(_folder.PathOf("model.json"), [0xEF, 0xBB, 0xBF, .. File.ReadAllBytes(_good)]);
        using var file = WeightFiles.Open(_folder.PathOf("model.json"));
        Assert.Equal([4], file.Read("conv1_bn/gamma").Shape.AsEnumerable());
    }

    [Fact]
    public void A_link_may_stay_in_the_folder()
    {
        var shard = (string)Group(JsonNode.Parse(File.ReadAllText(_good))!)["paths"]![0]!;
        File.CreateSymbolicLink(_folder.PathOf("link"), _folder.PathOf(shard));
        using var file = Edited(json => Group(json)["paths"]![0] = "link");
        Assert.Equal([4], file.Read("conv1_bn/gamma").Shape.AsEnumerable());
    }

    [Theory]
    [InlineData(100)]
    [InlineData(102)]
    [InlineData(0)]
    public void Shards_have_exactly_the_bytes_of_their_tensors(int size)
    {
        File.WriteAllBytes(_folder.PathOf("group1-shard1of2.bin"), new byte[size]);
        AssertFault(_ => { }, $"have {size + 100} bytes, its tensors need 201");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-0.5")]
    [InlineData("1e999")]
    [InlineData("1e38")]
    [InlineData("\"NaN\"")]
    [InlineData("null")]
    public void Scales_are_above_0_and_finite(string scale) =>
        AssertFault(json => Weight(json)["quantization"]!["scale"] = JsonNode.Parse(scale), "scale");

    [Theory]
    [InlineData("min", "1e999", "min")]
    [InlineData("dtype", "\"int4\"", "expected uint8, uint16 or float16")]
    public void Quantisations_are_known(string property, string value, string expected) =>
        AssertFault(json => Weight(json)["quantization"]![property] = JsonNode.Parse(value), expected);

    [Theory]
    [InlineData("dtype", "\"string\"", "dtype 'string'")]
    [InlineData("dtype", "\"bool\"", "quantised with dtype 'bool'")]
    [InlineData("dtype", "5", "expected String")]
    [InlineData("shape", "[65536,65536]", "fewer than 2^31")]
    [InlineData("shape", "[-4]", "at least 1")]
    [InlineData("shape", "[1.5]", "whole numbers")]
    [InlineData("shape", "[400]", "its tensors need")]
    [InlineData("name", "\"conv1_bn/gamma\"", "a second tensor 'conv1_bn/gamma'")]
    [InlineData("quantization", "null", "dtype 'complex64'")]
    public void Tensors_are_what_the_format_asks_for(string property, string value, string expected) =>
        AssertFault(
            json =>
            {
                var weight = Weight(json);
                weight["dtype"] = property == "quantization" ? "complex64" : (string)weight["dtype"]!;
                weight[property] = JsonNode.Parse(value);
            },
            expected
        );

    [Theory]
    [InlineData("{\"weightsManifest\":[5]}", "weightsManifest[0] is Number, expected Object")]
    [InlineData("{\"weightsManifest\":[{}]}", "has no 'weights'")]
    [InlineData("{\"weightsManifest\":[{\"weights\":[{\"name\":\"\\ud800\"}]}]}", "no Unicode")]
    [InlineData("{\"weightsM\\ud800xxxxxx\":[]}", "no Unicode")]
    [InlineData("{\"modelTopology\":{}}", "has no 'weightsManifest'")]
    [InlineData("7", "a text file")]
    [InlineData("{\"weightsManifest\":", "expected a TensorFlow.js model.json")]
    [InlineData("<html>", "an HTML page")]
    [InlineData("{\"format\":\"graph-model\",\"weightsManifest\":[]}", "this is a graph model")]
    [InlineData("{\"modelTopology\":{\"node\":[]},\"weightsManifest\":[]}", "this is a graph model")]
    public void Files_are_what_the_format_asks_for(string text, string expected)
    {
        _folder.Write("model.json", text);
        AssertFaultOfFile(expected);
    }

    [Fact]
    public void Whole_numbers_are_listed_but_are_no_weights()
    {
        File.WriteAllBytes(_folder.PathOf("numbers"), new byte[9]);
        _folder.Write(
            "model.json",
            """
            [{"paths":["numbers"],"weights":[{"name":"a","shape":[2],"dtype":"int32"},{"name":"b","shape":[],"dtype":"bool"}]}]
            """
        );
        using var file = WeightFiles.Open(_folder.PathOf("model.json"));
        Assert.Equal([ElementType.I32, ElementType.U8], file.Tensors.Select(tensor => tensor.Type));
        Assert.Contains(
            "whole numbers",
            Assert.Throws<ModelFormatException>(() => file.Read("a")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Unknown_names_closed_files_and_cancelled_tokens_are_errors()
    {
        var file = WeightFiles.Open(_good);
        Assert.Throws<KeyNotFoundException>(() => file.Read("no such tensor"));
        Assert.Throws<OperationCanceledException>(() =>
            file.Read("conv1/kernel", new CancellationToken(canceled: true))
        );
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Read("conv1/kernel"));
    }

    [Fact]
    public void Mutated_files_are_read_or_refused()
    {
        byte[][] seeds =
        [
            File.ReadAllBytes(_good),
            File.ReadAllBytes(TensorFlowGolden.PathOf("layers_float32", "model.json")),
        ];
        const int caseCount = 4000;
        var accepted = Mutation.Run(seeds, caseCount, ReadAll);
        accepted += Mutation.RunJson(seeds, caseCount, ReadAll);
        Assert.InRange(accepted, 1, 2 * caseCount - 1);
    }

    private void ReadAll(byte[] content)
    {
        using var document = TfjsDocument.Parse(content, _folder.PathOf("model.json"));
        using var file = TfjsLayersFile.Of(document);
        foreach (var tensor in file.Tensors.Where(tensor => tensor.Type != ElementType.I32))
        {
            file.Read(tensor.Name);
        }
        _ = file.ReadComputation(Extent.Square(32), default);
    }

    private static JsonNode Group(JsonNode json) => json["weightsManifest"]![0]!;

    private static JsonNode Weight(JsonNode json) => Group(json)["weights"]![0]!;

    private WeightFile Edited(Action<JsonNode> edit)
    {
        var json = JsonNode.Parse(File.ReadAllText(_good))!;
        edit(json);
        _folder.Write("model.json", json.ToJsonString());
        return WeightFiles.Open(_folder.PathOf("model.json"));
    }

    private void AssertFault(Action<JsonNode> edit, string expected)
    {
        var fault = Assert.Throws<ModelFormatException>(() => Edited(edit));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    private void AssertFaultOfFile(string expected)
    {
        var fault = Assert.Throws<ModelFormatException>(() => WeightFiles.Open(_folder.PathOf("model.json")));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }
}
