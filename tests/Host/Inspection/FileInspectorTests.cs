using System.Collections.Immutable;
using System.Text.Json;
using ILGpuMobileNet.Host.Tests.Contracts;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Tests.TensorFlow;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Host.Tests.Inspection;

public sealed class FileInspectorTests : IDisposable
{
    private const StringComparison AnyCase = StringComparison.OrdinalIgnoreCase;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Weights_are_described_with_their_network_and_contract()
    {
        var path = PublishedFile.Write(_folder, "keras-MobileNetV3Small", 1000);

        var inspection = FileInspector.Inspect(path);

        Assert.Equal((WeightFormat.Safetensors, null), (inspection.Format, inspection.Refusal));
        Assert.Equal(new FileInfo(path).Length, inspection.SizeInBytes);
        Assert.Equal(64, inspection.Sha256.Length);
        Assert.True(inspection.Fits[0].IsExact);
        Assert.Equal(("mobilenet_v3_small", "keras"), (inspection.Model!.Architecture, inspection.Model.Ecosystem));
        Assert.Equal(
            (0.75, 1000, false),
            (inspection.Model.Width, inspection.Model.Classes, inspection.Model.ReducedTail)
        );
        Assert.Equal(1e-3, inspection.Model.Numerics!.BatchNormEpsilon);
        Assert.Equal("keras/MobileNetV3Small.imagenet", inspection.Model.Contract);
        Assert.True(inspection.Model.HasLabels);
        Assert.NotEmpty(inspection.Model.Assumptions);
    }

    [Theory]
    [InlineData("keras-MobileNetV3Small", true)]
    [InlineData("keras-MobileNet", false)]
    [InlineData("paddleclas-MobileNetV3_small_x0_35", true)]
    [InlineData("timm-tf-tf_mobilenetv3_small_minimal_100", false)]
    public void A_gate_is_told_where_the_network_has_one(string list, bool hasGate)
    {
        var numerics = FileInspector.Inspect(PublishedFile.Write(_folder, list, 1000)).Model!.Numerics!;

        Assert.Equal((hasGate, true), (numerics.Gate is not null, numerics.Relu is not null));
    }

    [Fact]
    public void A_weight_that_is_no_float_is_refused_as_it_is_when_it_is_read()
    {
        var path = PublishedFile.Write(_folder, "keras-MobileNetV3Small", 1000);
        using (var file = WeightFiles.Open(path))
        {
            WriteTfjs(file.Tensors, whole: file.Tensors[3].Name);
        }
        var content = File.ReadAllBytes(path);
        "I32"u8.CopyTo(content.AsSpan(content.AsSpan().IndexOf("F32"u8)));
        File.WriteAllBytes(path, content);

        Assert.Contains("has elements of type I32", FileInspector.Inspect(path).Refusal, StringComparison.Ordinal);
        Assert.Contains(
            "holds whole numbers, expected weights as float32",
            FileInspector.Inspect(_folder.PathOf("model.json")).Refusal,
            StringComparison.Ordinal
        );
    }

    private void WriteTfjs(IReadOnlyCollection<StoredTensor> tensors, string whole)
    {
        var weights = tensors.Select(tensor => new
        {
            name = tensor.Name,
            shape = tensor.Shape,
            dtype = tensor.Name == whole ? "int32" : "float32",
        });
        var group = new { paths = new[] { "shard" }, weights };
        _folder.Write("model.json", JsonSerializer.Serialize(new { weightsManifest = new[] { group } }));
        var count = tensors.Sum(tensor => tensor.Shape.Aggregate(1, (product, axis) => product * axis));
        File.WriteAllBytes(_folder.PathOf("shard"), new byte[count * sizeof(float)]);
    }

    [Fact]
    public void A_link_has_the_size_of_its_file()
    {
        var path = _folder.Write("file", "words, nothing else");
        File.CreateSymbolicLink(_folder.PathOf("link"), path);
        Assert.Equal(19, FileInspector.Inspect(_folder.PathOf("link")).SizeInBytes);
    }

    [SkippableFact]
    public async Task A_pipe_is_not_waited_for()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no such pipes in folders.");
        var pipe = _folder.MakePipe("pipe");
        Action[] readings = [() => FileInspector.Inspect(pipe), () => PretrainedModel.IsTextDirection(pipe)];
        foreach (var reading in readings)
        {
            var fault = await Assert.ThrowsAsync<ModelFormatException>(() =>
                Task.Run(reading).WaitAsync(Patience.Limit)
            );
            Assert.Contains("got a pipe", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_folder_is_called_so()
    {
        var fault = Assert.Throws<ModelFormatException>(() => FileInspector.Inspect(_folder.Folder));
        Assert.Contains("got a folder", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_converted_file_says_what_it_is()
    {
        var path = _folder.PathOf("c.safetensors");
        ModelConverter.Write(ModelSource.Load(new() { Model = "mobilenet_v2_relu", RandomSeed = 1 }), path);

        var inspection = FileInspector.Inspect(path);

        Assert.Empty(inspection.Fits);
        Assert.Equal(
            ("mobilenet_v2_relu", ContractEvidence.Metadata),
            (inspection.Model!.Architecture, inspection.Model.Evidence)
        );
    }

    [Fact]
    public void A_graph_is_described_by_its_operators()
    {
        var model = ModelSource.Load(new() { Model = "mobilenet_v2_relu", RandomSeed = 1 }).Model;
        File.WriteAllBytes(_folder.PathOf("g"), OnnxWriter.Write(model, new OnnxWriteOptions()));

        var inspection = FileInspector.Inspect(_folder.PathOf("g"));

        Assert.Equal((WeightFormat.Onnx, null), (inspection.Format, inspection.Refusal));
        Assert.True(inspection.Graph!.Opset > 0);
        // The weights, and constants of some operators.
        Assert.InRange(inspection.Tensors.Length, model.Weights.Tensors.Count, model.Weights.Tensors.Count + 2);
        Assert.True(inspection.Graph.Counts["Conv"] > 5);
        Assert.Equal(model.Graph.Output, inspection.Model!.Output);
    }

    [Fact]
    public void A_graph_whose_tensors_have_an_architectures_names_says_which()
    {
        var options = new ModelOptions
        {
            Model = "mobilenet_v2",
            RandomSeed = 1,
            Width = 0.35,
            Classes = 7,
        };
        var model = ModelSource.Load(options).Model;
        // The same network with the names that its parameters have in no ecosystem.
        File.WriteAllBytes(_folder.PathOf("named"), OnnxWriter.Write(model, new(13)));
        File.WriteAllBytes(_folder.PathOf("foreign"), Renamed(OnnxWriter.Write(model, new(13))));

        var named = FileInspector.Inspect(_folder.PathOf("named"));
        var foreign = FileInspector.Inspect(_folder.PathOf("foreign"));

        Assert.True(named.Fits[0].IsExact);
        Assert.Equal(("mobilenet_v2", "torchvision"), (named.Model!.Architecture, named.Model.Ecosystem));
        Assert.Equal((0.35, 7, false), (named.Model.Width, named.Model.Classes, named.Model.ReducedTail));
        Assert.Null(named.Model.Numerics);
        Assert.Empty(foreign.Fits);
        Assert.Equal(("mobilenet_v2", null), (foreign.Model!.Architecture, foreign.Model.Ecosystem));
        Assert.Equal((0.35, 7), (foreign.Model.Width, foreign.Model.Classes));
        Assert.Null(foreign.Model.Numerics);
    }

    [Fact]
    public void What_a_graph_computes_otherwise_than_the_network_it_is_named_as_is_said()
    {
        var numerics = new NumericsOptions { Relu = Activation.Relu, Force = true };
        var options = new ModelOptions
        {
            Model = "mobilenet_v2",
            RandomSeed = 1,
            Width = 0.35,
        };
        var own = OnnxWriter.Write(ModelSource.Load(options).Model, new(13));
        var other = OnnxWriter.Write(ModelSource.Load(options with { Numerics = numerics }).Model, new(13));

        Assert.Empty(DeviationsOf(own));
        Assert.Empty(DeviationsOf(Renamed(own)));
        var deviation = Assert.Single(DeviationsOf(other));
        Assert.Matches(
            "^convolution '.+' reads relu \\(the first of 35\\), that of torchvision reads relu6$",
            deviation
        );
        Assert.Contains(
            "that of torchvision reads relu6",
            Assert.Single(DeviationsOf(Renamed(other))),
            StringComparison.Ordinal
        );
    }

    private IReadOnlyList<string> DeviationsOf(byte[] content)
    {
        File.WriteAllBytes(_folder.PathOf("deviating"), content);
        return FileInspector.Inspect(_folder.PathOf("deviating")).Model!.Deviations;
    }

    private static byte[] Renamed(byte[] content)
    {
        var latin = System.Text.Encoding.Latin1;
        return latin.GetBytes(latin.GetString(content).Replace("features.", "fixtures.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_graph_whose_first_bytes_say_nothing_is_described_all_the_same()
    {
        var model = ModelSource.Load(new() { Model = "mobilenet_v2_relu", RandomSeed = 1 }).Model;
        // Without the version that the file begins with.
        File.WriteAllBytes(_folder.PathOf("g"), OnnxWriter.Write(model, new OnnxWriteOptions())[2..]);

        var inspection = FileInspector.Inspect(_folder.PathOf("g"));

        Assert.Equal((WeightFormat.Onnx, null), (inspection.Format, inspection.Refusal));
        Assert.NotEmpty(inspection.Tensors);
        Assert.Equal(model.Graph.Output, inspection.Model!.Output);
    }

    [Fact]
    public void A_graph_whose_tensors_cannot_be_listed_may_be_used()
    {
        var file = new OnnxGraphWriter(17);
        file.Input("x", null, 3, 8, 8);
        file.Node("Relu", "y", ["x"]);
        file.Raw(12, new MessageWriter().Add(1, "y").ToArray());
        file.Raw(5, OnnxGraphWriter.TensorMessage(1, [-2]).Add(8, "unused").ToArray());
        File.WriteAllBytes(_folder.PathOf("g"), file.ToArray()[2..]);

        var inspection = FileInspector.Inspect(_folder.PathOf("g"));

        Assert.Equal((WeightFormat.Onnx, null), (inspection.Format, inspection.Refusal));
        Assert.Empty(inspection.Tensors);
        Assert.Null(inspection.Graph);
    }

    [Fact]
    public void A_graph_with_several_outputs_says_which_is_taken()
    {
        var file = new OnnxGraphWriter(17);
        file.Input("x", null, 3, 8, 8);
        file.Node("GlobalAveragePool", "pooled", ["x"]);
        file.Node("Relu", "y", ["x"]);
        file.Raw(12, new MessageWriter().Add(1, "pooled").ToArray());
        file.Raw(12, new MessageWriter().Add(1, "y").ToArray());
        File.WriteAllBytes(_folder.PathOf("g"), file.ToArray());

        var inspection = FileInspector.Inspect(_folder.PathOf("g"));
        var loaded = ModelSource.Load(new() { Model = _folder.PathOf("g") });

        Assert.Equal(new(1, 1, 3), inspection.Model!.Output);
        var assumption = inspection.Model.Assumptions[0];
        Assert.Contains("2 outputs: 'pooled' (1x1x3), the first", assumption, StringComparison.Ordinal);
        Assert.Contains("not 'y' (8x8x3)", assumption, StringComparison.Ordinal);
        Assert.Equal(inspection.Model.Assumptions, loaded.Assumptions);
        Assert.Equal(2, loaded.Model.Graph.Outputs.Length);
    }

    [Theory]
    [InlineData(WeightFormat.Onnx)]
    [InlineData(WeightFormat.TensorFlowLite)]
    [InlineData(WeightFormat.TensorFlowJsGraph)]
    public void Weights_of_a_large_graph_are_not_taken_into_memory(WeightFormat format)
    {
        const int channels = 8192;
        var path = _folder.PathOf("large");
        WriteLarge(format, path, channels);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var inspection = FileInspector.Inspect(path);
        var graph = ModelSource.LoadGraph(new() { Model = path });
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((format, null), (inspection.Format, inspection.Refusal));
        Assert.Equal(new(2, 2, channels), inspection.Model!.Output);
        Assert.Equal(inspection.Model.Output, graph.Output);
        Assert.InRange(allocated, 0, 8 << 20);
        Assert.Single(inspection.Tensors, tensor => tensor.Shape.Count(axis => axis == channels) == 2);
        Assert.Equal(format == WeightFormat.Onnx, inspection.Graph!.Opset is not null);
        Assert.Equal(1, inspection.Graph.Counts.Single(one => one.Key.StartsWith("conv", AnyCase)).Value);
    }

    private static void WriteLarge(WeightFormat format, string path, int channels)
    {
        switch (format)
        {
            case WeightFormat.TensorFlowLite:
                SparseModels.WriteTflite(path, channels, channels);
                break;
            case WeightFormat.TensorFlowJsGraph:
                SparseModels.WriteTfjsGraph(path, channels, channels);
                break;
            default:
                WriteConvolution(path, channels, (long)channels * channels * sizeof(float));
                break;
        }
    }

    /// <summary>A convolution of zeros, the end of a file that takes no space on most disks.</summary>
    private static void WriteConvolution(string path, int channels, long size)
    {
        var file = new OnnxGraphWriter(17);
        file.Input("x", null, channels, 2, 2);
        file.Node("Conv", "y", ["x", "w"]);
        file.Raw(12, new MessageWriter().Add(1, "y").ToArray());
        // Tag and length of the raw elements, which are the rest of the file.
        var header = OnnxGraphWriter.TensorMessage(1, [channels, channels, 1, 1]).Add(8, "w").ToArray();
        byte[] tensor = [.. header, .. Prefix(9, size)];
        // Version (2 bytes), graph with its tag and length, operator set (6 bytes); here the graph comes last.
        var small = file.ToArray();
        var graph = small[(small[3] < 128 ? 4 : 5)..^6];
        byte[] longer = [.. graph, .. Prefix(5, tensor.Length + size), .. tensor];
        byte[] content = [.. small[..2], .. small[^6..], .. Prefix(7, longer.Length + size), .. longer];
        using var stream = File.Create(path);
        stream.Write(content);
        stream.SetLength(content.Length + size);
    }

    private static byte[] Prefix(int field, long length)
    {
        var bytes = new List<byte> { (byte)(field << 3 | 2) };
        for (; length > 127; length >>= 7)
        {
            bytes.Add((byte)(length | 128));
        }
        return [.. bytes, (byte)length];
    }

    [Fact]
    public void What_cannot_be_used_is_described_with_the_reason()
    {
        var tensor = new Tensor([2], new float[2]);
        Safetensors.Write(
            _folder.PathOf("foreign"),
            new("f", ImmutableDictionary<string, Tensor>.Empty.Add("conv1.weight", tensor))
        );
        var text = _folder.Write("text", "no weights here");
        var cut = _folder.PathOf("cut");
        File.WriteAllBytes(cut, File.ReadAllBytes(_folder.PathOf("foreign"))[..20]);

        var (foreign, other, damaged) = (
            FileInspector.Inspect(_folder.PathOf("foreign")),
            FileInspector.Inspect(text),
            FileInspector.Inspect(cut)
        );

        Assert.Single(foreign.Tensors);
        Assert.NotNull(foreign.Refusal);
        Assert.Equal((null, null), (other.Format, other.Model));
        Assert.Contains("a text file", other.Refusal, StringComparison.Ordinal);
        Assert.Equal(WeightFormat.Safetensors, damaged.Format);
        Assert.NotNull(damaged.Refusal);
        Assert.Throws<FileNotFoundException>(() => FileInspector.Inspect(_folder.PathOf("none")));
    }

    [Fact]
    public void Mutations_of_a_converted_file_are_described_or_refused()
    {
        var path = _folder.PathOf("m.safetensors");
        ModelConverter.Write(ModelSource.Load(new() { Model = "mobilenet_v2_relu", RandomSeed = 1 }), path);
        var content = File.ReadAllBytes(path);
        var header = 8 + (int)BitConverter.ToInt64(content);
        var random = new Random(1);
        for (var index = 0; index < 200; index++)
        {
            var mutated = (byte[])content.Clone();
            mutated[random.Next(8, header)] = (byte)random.Next(32, 127);
            mutated[random.Next(8, header)] = (byte)random.Next(256);
            File.WriteAllBytes(path, mutated);

            var inspection = FileInspector.Inspect(path);

            Assert.True(inspection.Model is null != inspection.Refusal is null, $"Case {index}");
        }
    }
}
