using System.Collections.Immutable;
using ILGpuMobileNet.Host.Features;
using ILGpuMobileNet.Host.Tests.Contracts;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Models;

public sealed class NewHeadTests : IDisposable
{
    private static readonly ModelOptions s_trained = new()
    {
        Model = "mobilenet_v3_small",
        RandomSeed = 1,
        Width = 0.5,
    };
    private readonly TemporaryFolder _folder = new();
    private readonly LoadedModel _original = ModelSource.Load(s_trained);

    public NewHeadTests() => Safetensors.Write(_folder.PathOf("w.safetensors"), _original.Model.Weights);

    private ModelOptions FromFile => s_trained with { RandomSeed = null, Weights = _folder.PathOf("w.safetensors") };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_backbone_is_as_trained_and_the_head_from_the_formula()
    {
        var loaded = ModelSource.Load(FromFile with { NewHeadSeed = 5, Classes = 7 });

        var graph = loaded.Model.Graph;
        Assert.Equal(7, graph.Output.Channels);
        Assert.Null(loaded.Labels);
        var drawn = WeightFormula.Create(graph, 5);
        Assert.All(
            graph.Parameters,
            parameter =>
            {
                var isHead = parameter.Name.StartsWith("classifier.3.", StringComparison.Ordinal);
                var expected = isHead ? drawn : _original.Model.Weights;
                Assert.Equal(expected[parameter].Data.ToArray(), loaded.Model.Weights[parameter].Data.ToArray());
            }
        );
    }

    [Fact]
    public void Without_a_number_of_classes_it_has_as_many_as_before()
    {
        var loaded = ModelSource.Load(FromFile with { NewHeadSeed = 5 });
        Assert.Equal(1000, loaded.Model.Graph.Output.Channels);
        Assert.NotEqual(HeadOf(_original), HeadOf(loaded));
    }

    [Fact]
    public void Another_number_of_classes_is_refused_with_a_new_head_as_the_remedy()
    {
        var converted = _folder.PathOf("c.safetensors");
        ModelConverter.Write(_original, converted);

        var fault = Assert.Throws<ArgumentException>(() => ModelSource.Load(FromFile with { Classes = 7 }));
        var described = Assert.Throws<ArgumentException>(() =>
            ModelSource.Load(new() { Model = converted, Classes = 7 })
        );
        var headed = ModelSource.Load(
            new()
            {
                Model = converted,
                Classes = 7,
                NewHeadSeed = 1,
            }
        );

        Assert.All(
            [fault.Message, described.Message],
            message =>
            {
                Assert.Contains("classes 7 was asked for, it has 1000", message, StringComparison.Ordinal);
                Assert.Contains("add --new-head SEED --classes N", message, StringComparison.Ordinal);
            }
        );
        Assert.Equal(7, headed.Model.Graph.Output.Channels);
    }

    [Theory]
    [InlineData("", "It does not use the file's classifier.3: random weights from seed 5 stand there.", "classifier.3")]
    [InlineData("classifier", "It has no classifier.0 and no classifier.3: random weights", "classifier.0")]
    [InlineData("classifier.3", "It has no classifier.3: random weights from seed 5 stand there.", "classifier.3")]
    public async Task What_is_drawn_is_said_and_is_no_feature(string without, string note, string firstDrawn)
    {
        var trained = _original.Model.Weights.Tensors.RemoveRange(
            _original.Model.Weights.Tensors.Keys.Where(name => without.Length > 0 && name.StartsWith(without))
        );
        Safetensors.Write(_folder.PathOf("w.safetensors"), new("w", trained));
        var options = FromFile with { NewHeadSeed = 5, Classes = 7 };
        Task<FeatureExtractor> ExtractorOf(string layer) =>
            FeatureExtractor.LoadAsync(new(options) { Features = [FeatureSource.OfLayer(layer)] });

        var layers = _original.Model.Graph.Layers.Select(layer => layer.Name).ToList();
        var first = layers.IndexOf(firstDrawn);
        foreach (var layer in layers[..first].TakeLast(3))
        {
            using var extractor = await ExtractorOf(layer);
            Assert.Contains(extractor.Assumptions, told => told.StartsWith(note, StringComparison.Ordinal));
        }
        foreach (var layer in layers[first..])
        {
            var fault = await Assert.ThrowsAsync<ArgumentException>(() => ExtractorOf(layer));
            Assert.Contains(
                $"where its random weights begin, has no layer '{layer}'",
                fault.Message,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task Without_a_new_head_the_trained_classifier_is_a_feature()
    {
        var options = new FeatureOptions(FromFile) { Features = [FeatureSource.OfLayer("classifier.3")] };
        using var extractor = await FeatureExtractor.LoadAsync(options);
        Assert.Equal<int>([1000], extractor.Axes[0]);
        Assert.DoesNotContain(extractor.Assumptions, note => note.Contains("random", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_converted_file_says_that_its_head_is_random()
    {
        const string note =
            "Its metadata say that classifier.3 has random weights from seed 5, which were never trained.";
        var (once, twice, whole) = (_folder.PathOf("1"), _folder.PathOf("2"), _folder.PathOf("3"));

        ModelConverter.Write(ModelSource.Load(FromFile with { NewHeadSeed = 5, Classes = 7 }), once);
        var loaded = ModelSource.Load(new() { Model = once });
        ModelConverter.Write(loaded, twice);
        ModelConverter.Write(_original, whole);
        var fault = await Assert.ThrowsAsync<ArgumentException>(() =>
            FeatureExtractor.LoadAsync(
                new(new() { Model = once }) { Features = [FeatureSource.OfLayer("classifier.3")] }
            )
        );

        Assert.Contains(note, loaded.Assumptions);
        Assert.Contains(note, FileInspector.Inspect(once).Model!.Assumptions);
        Assert.Contains(note, ModelSource.Load(new() { Model = twice }).Assumptions);
        Assert.DoesNotContain(ModelSource.Load(new() { Model = whole }).Assumptions, told => told.Contains("random"));
        Assert.Contains("where its random weights begin", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_random_layer_is_no_feature_where_the_one_after_it_is_missing()
    {
        var model = ModelSource.Load(FromFile with { NewHeadSeed = 5 });
        var (metadata, path) = (
            model.Description! with
            {
                RandomLayers = [new("classifier.0", 5)],
            },
            _folder.PathOf("c")
        );
        var weights = model.Model.Weights.Tensors.RemoveRange(["classifier.3.weight", "classifier.3.bias"]);
        Safetensors.Write(path, new("c", weights), metadata.ToMetadata());
        Task<FeatureExtractor> ExtractorOf(FeatureSource feature) =>
            FeatureExtractor.LoadAsync(new(new() { Model = path }) { Features = [feature] });

        using var extractor = await ExtractorOf(FeatureSource.Embedding);

        await Assert.ThrowsAsync<ArgumentException>(() => ExtractorOf(FeatureSource.OfLayer("classifier.0")));
    }

    [Fact]
    public void A_head_over_a_random_layer_keeps_what_is_known_of_that()
    {
        var trained = _original.Model.Weights.Tensors;
        trained = trained.RemoveRange(
            trained.Keys.Where(name => name.StartsWith("classifier", StringComparison.Ordinal))
        );
        Safetensors.Write(_folder.PathOf("w.safetensors"), new("w", trained));
        var (once, twice) = (_folder.PathOf("1"), _folder.PathOf("2"));

        ModelConverter.Write(ModelSource.Load(FromFile with { NewHeadSeed = 5, Classes = 7 }), once);
        ModelConverter.Write(ModelSource.Load(new() { Model = once, NewHeadSeed = 6 }), twice);

        var told = ModelSource.Load(new() { Model = once }).Assumptions;
        Assert.Contains(
            "Its metadata say that classifier.0 and classifier.3 have random weights from seed 5, which were never trained.",
            told
        );
        told = ModelSource.Load(new() { Model = twice }).Assumptions;
        Assert.Contains(
            "Its metadata say that classifier.0 has random weights from seed 5, which were never trained.",
            told
        );
        Assert.Contains(
            "Its metadata say that classifier.3 has random weights from seed 6, which were never trained.",
            told
        );
    }

    [Fact]
    public void The_graph_alone_has_the_new_classes_too()
    {
        var converted = _folder.PathOf("c.safetensors");
        ModelConverter.Write(_original, converted);
        var options = new ModelOptions
        {
            Model = converted,
            Classes = 7,
            NewHeadSeed = 1,
        };

        Assert.Equal(7, ModelSource.LoadGraph(options).Output.Channels);
        Assert.Equal(1000, ModelSource.LoadGraph(options with { Classes = null }).Output.Channels);
    }

    // Keras's include_top=False, timm's num_classes=0 and features_only=True.
    [Theory]
    [InlineData("keras-MobileNet", "conv_preds", "fc")]
    [InlineData("keras-MobileNetV2", "predictions", "classifier.1")]
    [InlineData("keras-MobileNetV3Small", "logits conv_2", "classifier.0 and no classifier.3")]
    [InlineData("timm-mobilenetv2_035", "classifier", "classifier.1")]
    [InlineData("timm-mobilenetv3_small_050", "classifier", "classifier.3")]
    [InlineData("timm-mobilenetv1_125", "classifier", "fc")]
    [InlineData("timm-mobilenetv3_large_100", "classifier conv_head", "classifier.0 and no classifier.3")]
    [InlineData(
        "timm-mobilenetv2_035",
        "classifier conv_head bn2",
        "features.18.0 and no features.18.1 and no classifier.1"
    )]
    public void Published_weights_without_a_classifier_get_a_new_one(string list, string without, string lacking)
    {
        var path = PublishedFile.Write(_folder, list, 1000, "trunk.safetensors", without.Split(' '));
        var whole = ModelSource.Load(new() { Model = PublishedFile.Write(_folder, list, 1000) });

        var fault = Assert.Throws<ModelFormatException>(() => ModelSource.Load(new() { Model = path }));
        var inspection = FileInspector.Inspect(path);
        var loaded = ModelSource.Load(Headed(path));
        var named = ModelSource.Load(Headed(path) with { Model = whole.Name, Weights = path });

        Assert.Contains($"it is {whole.Name} of ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(", without a classifier: missing '", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--new-head SEED --classes N", fault.Message, StringComparison.Ordinal);
        Assert.Equal((fault.Message, true), (inspection.Refusal, inspection.Fits[0].IsHeadless));
        AssertHeaded(whole, loaded, lacking);
        AssertHeaded(whole, named, lacking);
    }

    // Of a dictionary's keys, and what model.features.state_dict() gives: the same without "features." before the names.
    [Theory]
    [InlineData("mobilenet_v2", "features.", "classifier.1")]
    [InlineData("mobilenet_v2", "", "classifier.1")]
    [InlineData("mobilenet_v3_small", "features.", "classifier.0 and no classifier.3")]
    [InlineData("mobilenet_v3_small", "", "classifier.0 and no classifier.3")]
    public void Torchvision_s_features_alone_get_a_classifier(string model, string prefix, string lacking)
    {
        const string scope = "features.";
        var whole = ModelSource.Load(new() { Model = model, RandomSeed = 1 });
        var features = whole
            .Model.Weights.Tensors.Where(tensor => tensor.Key.StartsWith(scope, StringComparison.Ordinal))
            .ToImmutableDictionary(tensor => prefix + tensor.Key[scope.Length..], tensor => tensor.Value);
        Safetensors.Write(_folder.PathOf("f.safetensors"), new("f", features));

        AssertHeaded(whole, ModelSource.Load(Headed(_folder.PathOf("f.safetensors"))), lacking);
    }

    [Fact]
    public void A_file_that_lacks_more_than_its_head_is_refused_all_the_same()
    {
        var path = PublishedFile.Write(_folder, "timm-mobilenetv2_035", 1000, "t", "classifier", "conv_head");

        var fault = Assert.Throws<ModelFormatException>(() => ModelSource.Load(Headed(path)));
        var named = Assert.Throws<ModelFormatException>(() =>
            ModelSource.Load(Headed(path) with { Model = "mobilenet_v2", Weights = path })
        );

        Assert.Contains("3 are missing", fault.Message, StringComparison.Ordinal);
        Assert.Contains("missing 'conv_head.weight'", named.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_does_not_fit_is_refused_all_the_same()
    {
        var options = FromFile with { NewHeadSeed = 5, Classes = 7, Width = 1.0 };
        Assert.ThrowsAny<Exception>(() => ModelSource.Load(options));
    }

    [Theory]
    [InlineData("mobilenet_v2", "A new head goes over weights from a file")]
    [InlineData("net.onnx", "brings its own weights")]
    public void Networks_without_a_file_of_weights_have_no_new_head(string model, string fault)
    {
        var options = new ModelOptions
        {
            Model = model,
            RandomSeed = 1,
            NewHeadSeed = 1,
        };
        _folder.Write("net.onnx", "any");
        if (model == "net.onnx")
        {
            options = options with { Model = _folder.PathOf(model), RandomSeed = null };
        }
        var message = Assert.Throws<ArgumentException>(() => ModelSource.Load(options)).Message;
        Assert.Contains(fault, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_ends_in_a_map_has_no_head()
    {
        var options = new ModelOptions { Model = "mobilenet_v1_enhance", RandomSeed = 1 };
        Safetensors.Write(_folder.PathOf("e.safetensors"), ModelSource.Load(options).Model.Weights);
        var file = options with { RandomSeed = null, Weights = _folder.PathOf("e.safetensors"), NewHeadSeed = 1 };
        var fault = Assert.Throws<ArgumentException>(() => ModelSource.Load(file));
        Assert.Contains("ends in a feature map", fault.Message, StringComparison.Ordinal);
    }

    private static ModelOptions Headed(string path) =>
        new()
        {
            Model = path,
            NewHeadSeed = 5,
            Classes = 3,
        };

    private static void AssertHeaded(LoadedModel whole, LoadedModel headed, string lacking)
    {
        Assert.Equal((whole.Name, 3), (headed.Name, headed.Model.Graph.Output.Channels));
        Assert.Contains(
            $"It has no {lacking}: random weights from seed 5 stand there.",
            headed.Assumptions,
            StringComparer.Ordinal
        );
        var drawn = WeightFormula.Create(headed.Model.Graph, 5);
        var heads = lacking.Split(" and no ").Select(name => $"{name}.").ToList();
        foreach (var parameter in headed.Model.Graph.Parameters)
        {
            var isHead = heads.Any(head => parameter.Name.StartsWith(head, StringComparison.Ordinal));
            var expected = isHead ? drawn[parameter] : whole.Model.Weights[parameter];
            Assert.Equal(expected.Data.ToArray(), headed.Model.Weights[parameter].Data.ToArray());
        }
    }

    private static float[] HeadOf(LoadedModel loaded)
    {
        NetworkGraph graph = loaded.Model.Graph;
        return loaded.Model.Weights[graph.Parameters.Single(p => p.Name == "classifier.3.weight")].Data.ToArray();
    }
}
