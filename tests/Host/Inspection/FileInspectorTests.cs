using System.Collections.Immutable;
using ILGpuMobileNet.Host.Tests.Contracts;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Host.Tests.Inspection;

public sealed class FileInspectorTests : IDisposable
{
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
        Assert.Null(inspection.Model.Architecture);
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
