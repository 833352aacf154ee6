using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Contracts;

/// <summary>Published names in the path of a file, which its tensors, hash or metadata may contradict.</summary>
public sealed class NamesInPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(
        "mobilenet_v3_large-8738ca79.safetensors",
        "torchvision/mobilenet_v3_large.IMAGENET1K_V1 (mobilenet_v3_large of torchvision, width 1)"
    )]
    [InlineData(
        "mobilenetv3_large_100.ra_in1k.safetensors",
        "timm/mobilenetv3_large_100.ra_in1k (mobilenet_v3_large of timm, width 1)"
    )]
    [InlineData(
        "mobilenetv3_small_075.lamb_in1k/model.safetensors",
        "timm/mobilenetv3_small_075.lamb_in1k (mobilenet_v3_small of timm, width 0.75)"
    )]
    [InlineData(
        "MobileNetV3Small.imagenet.safetensors",
        "keras/MobileNetV3Small.imagenet (mobilenet_v3_small of keras)"
    )]
    public void A_name_that_the_tensors_contradict_is_told_with_both_sides_and_not_used(string file, string named)
    {
        const string list = "timm-tf-tf_mobilenetv3_small_100";
        var path = PublishedFile.Write(_folder, list, 1000, file);
        var plain = ModelSource.Load(new() { Model = PublishedFile.Write(_folder, list, 1000, "w.safetensors") });

        var loaded = ModelSource.Load(new() { Model = path });
        var inspection = FileInspector.Inspect(path);

        var note =
            $"Its path has the name of {named}, which is not used: its tensors are mobilenet_v3_small of timm, width 1, 1000 classes.";
        Assert.Contains(note, loaded.Assumptions);
        Assert.Equal(loaded.Assumptions, inspection.Model!.Assumptions);
        Assert.Equal((ContractEvidence.Assumed, plain.Contract), (loaded.Evidence, loaded.Contract));
        Assert.Equal(plain.Assumptions, loaded.Assumptions.Except([note]));
    }

    [Fact]
    public void A_name_that_the_tensors_agree_with_decides_what_they_cannot_tell()
    {
        var path = PublishedFile.Write(
            _folder,
            "timm-tf-tf_mobilenetv3_small_100",
            1000,
            "tf_mobilenetv3_small_100.in1k/model.safetensors"
        );

        var loaded = ModelSource.Load(new() { Model = path });
        var otherwise = ModelSource.Load(new() { Model = path, Ecosystem = "timm" });

        Assert.Equal(ContractEvidence.Path, loaded.Evidence);
        Assert.Contains("from its path", Assert.Single(loaded.Assumptions), StringComparison.Ordinal);
        Assert.Equal("timm/mobilenetv3_small_100.lamb_in1k", otherwise.Contract!.Name);
        Assert.Contains(
            "Its path has the name of timm-tf/tf_mobilenetv3_small_100.in1k",
            otherwise.Assumptions[0],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Of_two_names_the_one_nearer_to_the_end_is_used_and_the_other_told()
    {
        var path = PublishedFile.Write(
            _folder,
            "timm-tf-tf_mobilenetv3_small_100",
            1000,
            "tf_mobilenetv3_small_100.in1k/mobilenetv3_small_100.lamb_in1k.safetensors"
        );

        var loaded = ModelSource.Load(new() { Model = path });

        Assert.Equal("timm/mobilenetv3_small_100.lamb_in1k", loaded.Contract!.Name);
        Assert.EndsWith(
            ", and the name of timm/mobilenetv3_small_100.lamb_in1k is used.",
            loaded.Assumptions[0],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_name_that_the_metadata_contradict_is_told()
    {
        var path = _folder.PathOf("mobilenet_v3_large-8738ca79.safetensors");
        ModelConverter.Write(ModelSource.Load(new() { Model = "mobilenet_v2_relu", RandomSeed = 1 }), path);

        var note = Assert.Single(ModelSource.Load(new() { Model = path }).Assumptions);

        Assert.Contains("torchvision/mobilenet_v3_large.IMAGENET1K_V1", note, StringComparison.Ordinal);
        Assert.EndsWith(
            "its metadata say mobilenet_v2_relu of keras-port, width 1, 10 classes.",
            note,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_contract_that_the_user_names_settles_it()
    {
        var path = PublishedFile.Write(
            _folder,
            "timm-tf-tf_mobilenetv3_small_100",
            1000,
            "mobilenet_v3_large-8738ca79.safetensors"
        );

        var loaded = ModelSource.Load(new() { Model = path, Contract = "tf_mobilenetv3_small_100.in1k" });

        Assert.Empty(loaded.Assumptions);
    }

    [Fact]
    public void A_hash_that_contradicts_the_name_is_told()
    {
        var known = ContractCatalog.Get("torchvision/mobilenet_v2.IMAGENET1K_V1");
        var claim = WeightClaims.Of(ArchitectureCatalog.Get("mobilenet_v2"), new());

        var notes = Assumptions.Of("a/mobilenet_v2-7ebf99e0.pth", new(known, ContractEvidence.Hash), [], claim);

        Assert.StartsWith(
            "Its path has the name of torchvision/mobilenet_v2.IMAGENET1K_V2 (mobilenet_v2 of torchvision, width 1), which "
                + "is not used: its content has the hash of torchvision/mobilenet_v2.IMAGENET1K_V1.",
            notes.First(),
            StringComparison.Ordinal
        );
    }
}
