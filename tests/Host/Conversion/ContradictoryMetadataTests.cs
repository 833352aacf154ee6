using System.Collections.Immutable;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Conversion;

/// <summary>Files that describe themselves, with items that contradict each other or the tensors.</summary>
public sealed class ContradictoryMetadataTests : IDisposable
{
    private static readonly ModelOptions Original = new()
    {
        Model = "mobilenet_v3_small",
        Ecosystem = "keras",
        RandomSeed = 1,
        Width = 0.35,
        Classes = 10,
        Resolution = new(32, 32),
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(
        "contract",
        "torchvision/mobilenet_v2.IMAGENET1K_V1",
        "torchvision/mobilenet_v2.IMAGENET1K_V1 is of mobilenet_v2 of torchvision, but 'mobilenet.architecture' and "
            + "'mobilenet.ecosystem' say mobilenet_v3_small of keras"
    )]
    [InlineData(
        "contract",
        "timm/mobilenetv3_small_100.lamb_in1k",
        "is of mobilenet_v3_small of timm, but 'mobilenet.architecture' and 'mobilenet.ecosystem' say mobilenet_v3_small of keras"
    )]
    [InlineData("contract", "keras/ResNet", "No contract is called 'keras/ResNet'")]
    [InlineData("padding", "symmetric", "'mobilenet.padding' is symmetric, that of mobilenet_v3_small of keras same")]
    [InlineData("epsilon", "1e-05", "'mobilenet.epsilon' is 1E-05, that of mobilenet_v3_small of keras 0.001")]
    [InlineData(
        "gate",
        "hard-swish",
        "'mobilenet.gate' is hard-swish, that of mobilenet_v3_small of keras hard-sigmoid"
    )]
    [InlineData("activation", "relu6", "'mobilenet.activation' is relu6, that of mobilenet_v3_small of keras relu")]
    [InlineData(
        "numerics_forced",
        "padding",
        "nothing differs from mobilenet_v3_small of keras, but 'mobilenet.numerics_forced' names padding"
    )]
    [InlineData(
        "architecture",
        "mobilenet_v3_large",
        "say mobilenet_v3_large of keras, width 0.35, 10 classes, which its tensors contradict: "
    )]
    [InlineData("ecosystem", "torchvision", "say mobilenet_v3_small of torchvision")]
    [InlineData(
        "width",
        "0.5",
        "say mobilenet_v3_small of keras, width 0.5, 10 classes, which its tensors contradict: "
    )]
    [InlineData(
        "classes",
        "11",
        "say mobilenet_v3_small of keras, width 0.35, 11 classes, which its tensors contradict: "
    )]
    [InlineData("paddding", "same", "no item 'mobilenet.paddding'")]
    [InlineData("random_layers", "", "a bad 'mobilenet.random_layers': '' is no layer with a seed")]
    [InlineData("random_layers", "classifier.3", "'classifier.3' is no layer with a seed, as in fc:1")]
    [InlineData("random_layers", "classifier.3:-1", "'classifier.3:-1' is no layer with a seed")]
    [InlineData("random_layers", "classifier.3:five", "'classifier.3:five' is no layer with a seed")]
    [InlineData("random_layers", "classifier.3:18446744073709551616", "is no layer with a seed")]
    [InlineData("random_layers", ":1", "':1' is no layer with a seed")]
    [InlineData("random_layers", "classifier.3:1,classifier.3:2", "It names 'classifier.3' twice")]
    [InlineData(
        "random_layers",
        "classifier.9:1",
        "say mobilenet_v3_small of keras, width 0.35, 10 classes, but 'mobilenet.random_layers' names 'classifier.9', "
            + "which is no layer of its head that has weights"
    )]
    [InlineData(
        "random_layers",
        "features.0.0:1,classifier.3:1",
        "names 'features.0.0', which is no layer of its head"
    )]
    [InlineData(
        "random_layers",
        "features.3.block.0.0:1",
        "names 'features.3.block.0.0', which is no layer of its head"
    )]
    [InlineData(
        "random_layers",
        "classifier.1:1",
        "names 'classifier.1', which is no layer of its head that has weights"
    )]
    public void A_contradiction_is_refused_with_both_sides(string item, string text, string message)
    {
        var metadata = Metadata(Original);
        var path = Write(
            metadata.SetItem($"mobilenet.{item}", text).Remove(item == "architecture" ? "mobilenet.contract" : "")
        );

        var fault = Assert.Throws<ModelFormatException>(() => ModelSource.Load(new() { Model = path }));
        Assert.Throws<ModelFormatException>(() => ModelSource.LoadGraph(new() { Model = path }));
        var inspection = FileInspector.Inspect(path);

        Assert.StartsWith(path, fault.Message, StringComparison.Ordinal);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Contains("Convert the original file again", fault.Message, StringComparison.Ordinal);
        Assert.Equal((fault.Message, null), (inspection.Refusal, inspection.Model));
    }

    [Fact]
    public void A_long_item_is_refused_unread()
    {
        var path = Write(Metadata(Original).Add("mobilenet.random_layers", new string('9', 2000)));

        var fault = Assert.Throws<ModelFormatException>(() => ModelSource.Load(new() { Model = path }));

        Assert.Contains("it has 2000 characters, at most 1000 were expected", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("classes")]
    public void A_missing_item_is_not_made_up(string item)
    {
        var path = Write(Metadata(Original).Remove($"mobilenet.{item}"));

        var fault = Assert.Throws<ModelFormatException>(() => ModelSource.Load(new() { Model = path }));

        Assert.Contains($"its metadata lack 'mobilenet.{item}'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_of_another_number_than_the_classes_are_refused_with_both_sides()
    {
        var path = Write(Metadata(Original).SetItem("mobilenet.labels", "left\nright"));

        var fault = Assert.Throws<ModelFormatException>(() => ModelSource.Load(new() { Model = path }));

        Assert.Contains("There are 2 of them, for 10 classes", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forced_numerics_are_said_to_be_forced()
    {
        var forced = Original with
        {
            Numerics = new() { Padding = PaddingRule.Symmetric, Force = true },
        };
        var metadata = Metadata(forced);
        var path = Write(metadata);

        var model = ModelSource.Load(new() { Model = path });
        var inspection = FileInspector.Inspect(path);

        Assert.Equal("padding", metadata["mobilenet.numerics_forced"]);
        Assert.Equal(PaddingRule.Symmetric, model.Description!.Numerics.Padding);
        Assert.Contains(
            "When it was converted, its numerics were forced: padding symmetric instead of same.",
            model.Assumptions
        );
        Assert.Equal(["padding symmetric instead of same"], inspection.Model!.ForcedNumerics);
        Assert.DoesNotContain("mobilenet.numerics_forced", Metadata(Original).Keys);
    }

    [Fact]
    public void Other_items_than_those_that_are_said_to_be_forced_are_refused()
    {
        var forced = Original with
        {
            Numerics = new() { Padding = PaddingRule.Symmetric, Force = true },
        };
        var path = Write(Metadata(forced).SetItem("mobilenet.epsilon", "0.5"));

        var fault = Assert.Throws<ModelFormatException>(() => ModelSource.Load(new() { Model = path }));

        Assert.Contains("'mobilenet.epsilon' is 0.5", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'mobilenet.numerics_forced' names padding", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numerics_forced_back_are_forced_no_more()
    {
        var path = Write(
            Metadata(
                Original with
                {
                    Numerics = new() { Padding = PaddingRule.Symmetric, Force = true },
                }
            )
        );
        var back = new ModelOptions
        {
            Model = path,
            Numerics = new() { Padding = PaddingRule.Same, Force = true },
        };

        Assert.DoesNotContain("mobilenet.numerics_forced", Metadata(back).Keys);
    }

    [Fact]
    public void Pictures_prepared_otherwise_than_the_contract_says_are_told()
    {
        var path = Write(Metadata(Original).SetItem("mobilenet.mean", "0.1"));

        var model = ModelSource.Load(new() { Model = path });

        Assert.Contains(
            "It wants pictures prepared otherwise than keras/MobileNetV3Small.imagenet says: mean 0.1 instead of 0.5.",
            model.Assumptions
        );
    }

    [Fact]
    public void Another_input_and_other_classes_than_the_contracts_are_told()
    {
        var path = Write(Metadata(Original));

        Assert.Equal(
            [
                "Its input is 32x32 instead of the 224x224 of keras/MobileNetV3Small.imagenet.",
                "It has 10 classes instead of the 1000 of keras/MobileNetV3Small.imagenet.",
            ],
            ModelSource.Load(new() { Model = path }).Assumptions
        );
        Assert.Single(ModelSource.Load(new() { Model = path, Resolution = new(48, 48) }).Assumptions);
    }

    public static TheoryData<string[]?, string[]> Names =>
        new()
        {
            { [.. Labels.ImageNet.Names], [] },
            {
                [.. Labels.ImageNet.Names.Reverse()],
                [$"the first that differs is class 0, '{Labels.ImageNet[999]}' instead of '{Labels.ImageNet[0]}'."]
            },
            {
                [.. Labels.ImageNet.Names.Select((name, index) => index == 3 ? "mine" : name)],
                [$"the first that differs is class 3, 'mine' instead of '{Labels.ImageNet[3]}'."]
            },
            { null, ["It has no names of its classes, which keras/MobileNetV3Small.imagenet names."] },
        };

    [Theory]
    [MemberData(nameof(Names))]
    public void Other_labels_than_the_contracts_are_told(string[]? names, string[] notes)
    {
        var usual = Original with { Classes = 1000, Resolution = null };
        var original = ModelSource.Load(usual);
        var metadata = Metadata(usual).Remove("mobilenet.labels");
        var path = _folder.PathOf("c.safetensors");
        Safetensors.Write(
            path,
            original.Model.Weights,
            names is null ? metadata : metadata.Add("mobilenet.labels", string.Join('\n', names))
        );

        var told = ModelSource.Load(new() { Model = path }).Assumptions;

        Assert.Equal(notes.Length, told.Count);
        Assert.All(notes.Zip(told), note => Assert.EndsWith(note.First, note.Second, StringComparison.Ordinal));
    }

    private static ImmutableDictionary<string, string> Metadata(ModelOptions options) =>
        ModelSource.Load(options).Description!.ToMetadata().ToImmutableDictionary();

    private string Write(ImmutableDictionary<string, string> metadata)
    {
        var path = _folder.PathOf("c.safetensors");
        Safetensors.Write(path, ModelSource.Load(Original).Model.Weights, metadata);
        return path;
    }
}
