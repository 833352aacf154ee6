using System.Collections.Immutable;
using System.Globalization;
using ILGpuMobileNet.Network.Tests.Weights;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Contracts;

/// <summary>Files that are called as published ones, but have another content.</summary>
public sealed class PublishedNameTests : IDisposable
{
    private const string Published = "mobilenet_v3_small-047dcff4.pth";
    private const string Contract = "torchvision/mobilenet_v3_small.IMAGENET1K_V1";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Published)]
    [InlineData("MobileNet_v3_small-047dcff4.PT")]
    public void A_published_name_on_another_content_is_refused_with_both_hashes(string name)
    {
        var path = Write(name);
        var hash = ContractSearch.HashOf(path, CancellationToken.None);

        var fault = Assert.Throws<ModelFormatException>(() => ModelSource.Load(new() { Model = path }));

        Assert.Equal(path, fault.File);
        Assert.Contains($"'{Published}', whose SHA-256 begins with 047dcff4", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"its own is {hash}", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Get the file again", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"rename it, or say --contract {Contract}.", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(() => ModelSource.LoadGraph(new() { Model = path }));
    }

    [Fact]
    public void It_is_described_with_this_refusal()
    {
        var path = Write(Published);

        var inspection = FileInspector.Inspect(path);

        Assert.Equal((WeightFormat.PyTorch, null), (inspection.Format, inspection.Model));
        Assert.True(inspection.Fits[0].IsExact);
        Assert.Contains($"its own is {inspection.Sha256}", inspection.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_contract_that_the_user_names_stands_above_the_name()
    {
        var loaded = ModelSource.Load(new() { Model = Write(Published), Contract = Contract });

        Assert.Equal((Contract, ContractEvidence.Chosen), (loaded.Contract!.Name, loaded.Evidence));
    }

    // What is not called as a published file says nothing of its hash; only .pth files have a published one.
    [Theory]
    [InlineData("small.pth", ContractEvidence.Assumed)]
    [InlineData("mobilenet_v3_small.IMAGENET1K_V1/weights.pth", ContractEvidence.Path)]
    [InlineData("mobilenet_v3_small-047dcff4-mine.pth", ContractEvidence.Path)]
    public void Other_names_are_taken_as_before(string name, ContractEvidence evidence)
    {
        var loaded = ModelSource.Load(new() { Model = Write(name) });

        Assert.Equal((Contract, evidence), (loaded.Contract!.Name, loaded.Evidence));
    }

    // Nothing of the name is used; so it need not be refused, only told.
    [Fact]
    public void The_published_name_of_another_network_is_told()
    {
        var loaded = ModelSource.Load(new() { Model = Write("mobilenet_v3_large-8738ca79.pth") });

        Assert.Equal((Contract, ContractEvidence.Assumed), (loaded.Contract!.Name, loaded.Evidence));
        Assert.StartsWith(
            "Its path has the name of torchvision/mobilenet_v3_large.IMAGENET1K_V1",
            loaded.Assumptions[0],
            StringComparison.Ordinal
        );
        Assert.Contains("its tensors are mobilenet_v3_small", loaded.Assumptions[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Another_format_has_no_published_hash()
    {
        using var file = WeightFiles.Open(Write("w.pth"));
        var tensors = file.Tensors.Select(tensor => KeyValuePair.Create(tensor.Name, file.Read(tensor.Name)));
        var path = _folder.PathOf(Path.ChangeExtension(Published, "safetensors"));
        Safetensors.Write(path, new("w", tensors.ToImmutableDictionary()));

        Assert.Equal(ContractEvidence.Path, ModelSource.Load(new() { Model = path }).Evidence);
    }

    /// <summary>Writes a PyTorch file with torchvision's names and shapes, all of one storage of zeros.</summary>
    private string Write(string name)
    {
        var lines = File.ReadAllLines(
            Repository.PathOf("tests", "Network", "Architectures", "StateDicts", "mobilenet_v3_small.txt")
        );
        var shapes = lines.Select(line => line.Split(' ')).ToDictionary(line => line[0], line => Axes(line[1]));
        var count = shapes.Values.Max(Count);
        var tensors = shapes.Select(shape => (shape.Key, Zeros(count, shape.Value))).ToArray();
        var path = _folder.PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var pickle = PickleWriter.Pickle(PickleWriter.Dictionary(tensors));
        File.WriteAllBytes(path, PickleWriter.Torch(pickle, new byte[count * sizeof(float)]));
        return path;
    }

    private static byte[] Zeros(long count, long[] shape)
    {
        long[] strides = [.. shape.Select((_, axis) => Count(shape[(axis + 1)..]))];
        return PickleWriter.View(PickleWriter.Storage("0", count), 0, shape, strides);
    }

    private static long[] Axes(string text) =>
        [.. text.Split('x').Select(axis => long.Parse(axis, CultureInfo.InvariantCulture))];

    private static long Count(long[] shape) => shape.Aggregate(1L, (count, axis) => count * axis);
}
