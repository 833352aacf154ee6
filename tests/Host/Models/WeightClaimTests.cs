using System.Collections.Immutable;
using ILGpuMobileNet.Host.Tests.Contracts;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Models;

public sealed class WeightClaimTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("timm-mobilenetv3_small_050", "mobilenet_v3_small", "timm/mobilenetv3_small_050.lamb_in1k")]
    [InlineData("timm-mobilenetv2_035", "mobilenet_v2", "timm/mobilenetv2_100.ra_in1k")]
    [InlineData("keras-MobileNet", "mobilenet_v1", "keras/MobileNet.imagenet")]
    [InlineData("keras-MobileNetV3Small", "mobilenet_v3_small", "keras/MobileNetV3Small.imagenet")]
    [InlineData(
        "keras-MobileNetV3Small-minimalistic",
        "mobilenet_v3_small_minimalistic",
        "keras/MobileNetV3SmallMinimalistic.imagenet"
    )]
    [InlineData(
        "timm-tf-tf_mobilenetv3_large_minimal_100",
        "mobilenet_v3_large_minimalistic",
        "timm-tf/tf_mobilenetv3_large_minimal_100.in1k"
    )]
    [InlineData("paddleclas-MobileNetV1_x0_25", "mobilenet_v1", "paddleclas/MobileNetV1.pretrained")]
    [InlineData(
        "paddleclas-MobileNetV3_small_x0_35",
        "mobilenet_v3_small",
        "paddleclas/MobileNetV3_small_x1_0.pretrained"
    )]
    public void A_file_alone_says_network_form_pictures_and_classes(string list, string network, string contract)
    {
        var path = PublishedFile.Write(_folder, list, 1000, "weights.bin");

        var loaded = ModelSource.Load(new ModelOptions { Model = path });
        var named = ModelSource.Load(new ModelOptions { Model = network, Weights = path });
        var alone = ModelSource.Load(new ModelOptions { Weights = path });

        Assert.Equal((network, contract), (loaded.Name, loaded.Contract!.Name));
        Assert.Equal((contract, contract), (named.Contract!.Name, alone.Contract!.Name));
        Assert.Equal(loaded.Contract.Preprocessing, loaded.Preprocessing);
        Assert.Equal((ContractEvidence.Assumed, contract), (loaded.Evidence, loaded.PreparedAs));
        Assert.Equal("tench", loaded.Labels![0]);
        Assert.Contains("is assumed, as the usual one", Assert.Single(loaded.Assumptions), StringComparison.Ordinal);
        Assert.Equal(new FeatureShape(224, 224, 3), ModelSource.LoadGraph(new ModelOptions { Model = path }).Input);
    }

    // The same names and shapes, other numerics: the path, the contract or the ecosystem tells.
    [Theory]
    [InlineData("w.safetensors", null, null, "timm/mobilenetv3_small_100.lamb_in1k", ContractEvidence.Assumed)]
    [InlineData(
        "tf_mobilenetv3_small_100.in1k/model.safetensors",
        null,
        null,
        "timm-tf/tf_mobilenetv3_small_100.in1k",
        ContractEvidence.Path
    )]
    [InlineData("w.safetensors", "timm-tf", null, "timm-tf/tf_mobilenetv3_small_100.in1k", ContractEvidence.Assumed)]
    [InlineData(
        "w.safetensors",
        null,
        "tf_mobilenetv3_small_100.in1k",
        "timm-tf/tf_mobilenetv3_small_100.in1k",
        ContractEvidence.Chosen
    )]
    public void What_tensors_cannot_tell_is_told_otherwise_and_said(
        string file,
        string? ecosystem,
        string? contract,
        string expected,
        ContractEvidence evidence
    )
    {
        var path = PublishedFile.Write(_folder, "timm-tf-tf_mobilenetv3_small_100", 1000, file);
        var options = new ModelOptions
        {
            Model = path,
            Ecosystem = ecosystem,
            Contract = contract,
        };

        var loaded = ModelSource.Load(options);

        Assert.Equal((expected, evidence), (loaded.Contract!.Name, loaded.Evidence));
        var isConverted = expected.StartsWith("timm-tf", StringComparison.Ordinal);
        Assert.Equal(isConverted ? 1e-3 : 1e-5, Epsilon(loaded.Model.Graph));
        Assert.Equal(evidence == ContractEvidence.Chosen ? 0 : 1, loaded.Assumptions.Count);
        if (evidence == ContractEvidence.Assumed && ecosystem is null)
        {
            Assert.Contains("timm-tf/tf_mobilenetv3_small_100.in1k", loaded.Assumptions[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Numerics_that_contradict_the_file_are_refused_and_forced_ones_change_the_network()
    {
        var path = PublishedFile.Write(_folder, "keras-MobileNetV3Small", 7);
        var options = new ModelOptions
        {
            Model = path,
            Numerics = new() { Padding = PaddingRule.Symmetric },
        };

        var fault = Assert.Throws<ArgumentException>(() => ModelSource.Load(options));
        var forced = ModelSource.Load(options with { Numerics = options.Numerics with { Force = true } });
        var plain = ModelSource.Load(new ModelOptions { Model = path });

        Assert.Contains("the form of keras of mobilenet_v3_small", fault.Message, StringComparison.Ordinal);
        Assert.Contains("padding symmetric was asked for, it has same", fault.Message, StringComparison.Ordinal);
        Assert.NotEqual(Paddings(plain.Model.Graph), Paddings(forced.Model.Graph));
    }

    [Fact]
    public void A_file_of_one_ecosystem_under_another_is_refused_with_both_sides()
    {
        var path = PublishedFile.Write(_folder, "keras-MobileNetV3Small", 7);
        var options = new ModelOptions { Model = path, Ecosystem = "torchvision" };

        var fault = Assert.Throws<ModelFormatException>(() => ModelSource.Load(options));

        Assert.Contains("torchvision", fault.Message, StringComparison.Ordinal);
        Assert.Contains("keras", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_contract_of_another_network_or_ecosystem_is_refused_with_both_sides()
    {
        var path = PublishedFile.Write(_folder, "keras-MobileNetV3Small", 1000);

        void Refused(ModelOptions options, params string[] parts)
        {
            var fault = Assert.ThrowsAny<Exception>(() => ModelSource.Load(options with { Model = path }));
            Assert.True(fault is ArgumentException or ModelFormatException, fault.ToString());
            Assert.All(parts, part => Assert.Contains(part, fault.Message, StringComparison.Ordinal));
        }

        Refused(new() { Contract = "keras/MobileNetV2.imagenet" }, "mobilenet_v2", "mobilenet_v3_small");
        Refused(new() { Contract = "timm/mobilenetv3_small_100.lamb_in1k" }, "timm", "keras");
        Refused(
            new() { Contract = "timm/mobilenetv3_small_100.lamb_in1k", Ecosystem = "keras" },
            "timm",
            "keras",
            "leave one of them out"
        );
        Refused(new() { Contract = "nothing" }, "No contract is called 'nothing'");
    }

    [Fact]
    public void A_contract_of_another_width_is_refused()
    {
        var path = PublishedFile.Write(_folder, "timm-tf-tf_mobilenetv3_small_100", 1000, "w.safetensors");
        var options = new ModelOptions { Model = path, Ecosystem = "timm-tf" };
        const string other = "timm-tf/tf_mobilenetv3_small_075.in1k";

        var fault = Assert.Throws<ArgumentException>(() => ModelSource.Load(options with { Contract = other }));

        Assert.Contains($"{other} is of width 0.75", fault.Message, StringComparison.Ordinal);
        Assert.Contains("has tensors of width 1.", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("_075", ModelSource.Load(options).Assumptions[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_background_too_many_is_refused_and_other_classes_lose_their_names()
    {
        var shifted = PublishedFile.Write(_folder, "keras-MobileNetV3Small", 1001, "a.safetensors");
        var own = PublishedFile.Write(_folder, "keras-MobileNetV3Small", 7, "b.safetensors");
        const string contract = "keras/MobileNetV3Small.imagenet";

        var fault = Assert.Throws<ArgumentException>(() =>
            ModelSource.Load(new ModelOptions { Model = shifted, Contract = contract })
        );
        var loaded = ModelSource.Load(new ModelOptions { Model = own, Contract = contract });

        Assert.Contains("has 1000 classes", fault.Message, StringComparison.Ordinal);
        Assert.Contains("has 1001: one of them counts a background", fault.Message, StringComparison.Ordinal);
        Assert.Null(loaded.Labels);
        Assert.Contains("another number of classes than the 1000", loaded.Assumptions[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_gate_where_there_is_none_is_refused()
    {
        var options = new ModelOptions
        {
            Model = PublishedFile.Write(_folder, "timm-mobilenetv2_035", 7),
            Numerics = new() { Gate = Activation.HardSigmoid() },
        };

        var fault = Assert.Throws<ArgumentException>(() => ModelSource.Load(options));

        Assert.Contains("mobilenet_v2 has no squeeze-excite", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gate_that_a_converted_file_has_no_use_for_is_no_fault_of_the_file()
    {
        var original = ModelSource.Load(
            new ModelOptions
            {
                Model = "mobilenet_v2",
                RandomSeed = 1,
                Width = 0.1,
            }
        );
        ModelConverter.Write(original, _folder.PathOf("c.safetensors"));
        var options = new ModelOptions
        {
            Model = _folder.PathOf("c.safetensors"),
            Numerics = new() { Gate = Activation.HardSigmoid() },
        };

        var fault = Assert.Throws<ArgumentException>(() => ModelSource.Load(options));

        Assert.Contains("mobilenet_v2 has no squeeze-excite", fault.Message, StringComparison.Ordinal);
    }

    // Its squeeze-excite has a ReLU, but that is not what the papers' tables call RE.
    [Fact]
    public void An_activation_where_nothing_is_RE_is_refused()
    {
        var options = new ModelOptions
        {
            Model = "mobilenet_v1_enhance",
            RandomSeed = 1,
            Numerics = new() { Relu = Activation.Relu },
        };

        var fault = Assert.Throws<ArgumentException>(() => ModelSource.Load(options));
        Assert.Throws<ArgumentException>(() => ModelSource.LoadGraph(options));

        Assert.Contains(
            "mobilenet_v1_enhance has nothing that is relu or relu6",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("mobilenet_v1", "relu6", 27, 27)]
    [InlineData("mobilenet_v2", "relu", 35, 35)]
    [InlineData("mobilenet_v2_relu", "relu", 8, 9)]
    [InlineData("mobilenet_v3_small", "relu6", 5, 42)]
    public void A_forced_activation_is_that_of_every_RE(string model, string activation, int expected, int all)
    {
        var relu = ItemText.ParseRelu(activation);
        var options = new ModelOptions
        {
            Model = model,
            Numerics = new() { Relu = relu, Force = true },
        };

        var own = ActivationsOf(options with { Numerics = null });
        var forced = ActivationsOf(options);

        Assert.Equal(all, own.Count);
        Assert.Equal(expected, own.Zip(forced).Count(pair => pair.First != pair.Second));
        Assert.All(own.Zip(forced), pair => Assert.True(pair.First == pair.Second || pair.Second == relu));
    }

    [Fact]
    public void Tensors_of_no_known_network_are_refused_with_the_nearest()
    {
        var tensor = new Tensor([4], new float[4]);
        Safetensors.Write(_folder.PathOf("a"), new("a", Map(("encoder.weight", tensor))));
        Safetensors.Write(_folder.PathOf("b"), new("b", Map(("features.0.0.weight", tensor), ("x", tensor))));

        var foreign = Assert.Throws<ModelFormatException>(() =>
            ModelSource.Load(new ModelOptions { Model = _folder.PathOf("a"), Weights = null })
        );
        var near = Assert.Throws<ModelFormatException>(() =>
            ModelSource.LoadGraph(new ModelOptions { Model = _folder.PathOf("b") })
        );

        Assert.Contains("none of its tensors has a name", foreign.Message, StringComparison.Ordinal);
        Assert.Contains("the nearest is", near.Message, StringComparison.Ordinal);
        // So far from it, names would not help.
        Assert.EndsWith(
            "have another shape and 1 are not used. Name the network that the weights are of.",
            near.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("mobilenet_v2")]
    public void A_damaged_trunk_is_refused_with_the_names_of_its_tensors(string model)
    {
        var (graph, weights) = ModelSource.Load(new() { Model = "mobilenet_v2", RandomSeed = 1 }).Model;
        var names = graph.Parameters.Select(parameter => parameter.Name);
        var lost = names.Where(name => name.StartsWith("features.3.conv.", StringComparison.Ordinal)).ToList();
        var damaged = weights
            .Tensors.RemoveRange(lost)
            .SetItem("features.5.conv.0.1.bias", new([3], new float[3]))
            .Add("features.3.extra", new([1], new float[1]));
        var path = _folder.PathOf("damaged");
        Safetensors.Write(path, new("damaged", damaged));
        var options = model.Length == 0 ? new ModelOptions { Model = path } : new() { Model = model, Weights = path };

        foreach (var forFeatures in new[] { false, true })
        {
            var fault = Assert.Throws<ModelFormatException>(() =>
                ModelSource.Load(options with { ForFeatures = forFeatures })
            );
            string[] named = [.. lost.Take(8), "features.5.conv.0.1.bias' is [3], expected [192]", "features.3.extra"];
            Assert.All(named, name => Assert.Contains($"'{name}", fault.Message, StringComparison.Ordinal));
            Assert.Equal(
                model.Length == 0,
                fault.Message.Contains($" and {lost.Count - 8} more), 1 have another shape (", StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public void Two_files_of_weights_or_a_file_and_a_seed_are_refused()
    {
        var path = PublishedFile.Write(_folder, "timm-mobilenetv2_035", 7);

        Assert.Contains(
            "both files of weights",
            Assert.Throws<ArgumentException>(() => ModelSource.Load(new() { Model = path, Weights = path })).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "either a weight file or a seed",
            Assert.Throws<ArgumentException>(() => ModelSource.Load(new() { Model = path, RandomSeed = 1 })).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Changes_of_pictures_apply_to_the_contract()
    {
        var options = new ModelOptions
        {
            Model = PublishedFile.Write(_folder, "timm-mobilenetv2_035", 7),
            PreprocessingChanges = new() { Antialias = false },
        };

        var loaded = ModelSource.Load(options);

        Assert.Equal(loaded.Contract!.Preprocessing with { Antialias = false }, loaded.Preprocessing);
        Assert.Equal("timm/mobilenetv2_100.ra_in1k with changes", loaded.PreparedAs);
    }

    [Fact]
    public void An_architecture_without_a_file_takes_form_and_contract_by_name()
    {
        var options = new ModelOptions
        {
            Model = "mobilenet_v2",
            RandomSeed = 1,
            Width = 0.35,
        };

        var keras = ModelSource.Load(options with { Ecosystem = "keras" });
        var slim = ModelSource.Load(options with { Contract = "tf-slim/mobilenet_v2_1.0_224" });

        Assert.Equal(1e-3, Epsilon(keras.Model.Graph));
        Assert.Equal("keras/MobileNetV2.imagenet", keras.PreparedAs);
        Assert.Equal((ContractEvidence.Chosen, ResizeRule.CentralCrop), (slim.Evidence, slim.Preprocessing.Resize));
        Assert.Null(keras.Labels);
        Assert.Throws<ArgumentException>(() => ModelSource.Load(options with { Ecosystem = "caffe" }));
        Assert.Throws<ArgumentException>(() =>
            ModelSource.Load(options with { Contract = "keras/MobileNet.imagenet" })
        );
    }

    private static ImmutableDictionary<string, Tensor> Map(params (string Name, Tensor Tensor)[] tensors) =>
        ImmutableDictionary.CreateRange(tensors.Select(tensor => KeyValuePair.Create(tensor.Name, tensor.Tensor)));

    private static List<Activation> ActivationsOf(ModelOptions options) =>
        [.. ModelSource.LoadGraph(options).Layers.OfType<ActivationLayer>().Select(layer => layer.Activation)];

    private static double Epsilon(NetworkGraph graph) => graph.Layers.OfType<BatchNormLayer>().First().Epsilon;

    private static Padding[] Paddings(NetworkGraph graph) =>
        [.. graph.Layers.OfType<ConvolutionLayer>().Select(layer => layer.Geometry.Window.Padding)];
}
