using System.Collections.Immutable;
using System.Globalization;
using ILGpuMobileNet.Host.Features;
using ILGpuMobileNet.Host.Tests.Contracts;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Models;

/// <summary>Files of networks that were trained further under another head: what is before the pool is of use all the same.</summary>
public sealed class OwnHeadTests : IDisposable
{
    private const string TorchHead = "classifier.1.weight:16x1280 classifier.1.bias:16 classifier.3.weight:5x16";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, string> Heads { get; } =
        new()
        {
            { "mobilenet_v2", "classifier", TorchHead },
            { "mobilenet_v2", "classifier", "head.cls.weight:6x1280x3x3 head.cls.bias:6" },
            { "mobilenet_v2", "classifier.1.bias", "" },
            { "mobilenet_v3_small", "classifier.3", "classifier.3.0.weight:8x1024 classifier.3.2.weight:5x8" },
            { "mobilenet_v3_small", "classifier", "classifier.0.weight:64x576 classifier.0.bias:64" },
            { "mobilenet_v3_large", "classifier", "fc.weight:5x960 fc.bias:5" },
            { "timm-mobilenetv2_035", "classifier", "classifier.fc.weight:5x1280 classifier.fc.bias:5" },
            { "timm-mobilenetv3_small_050", "classifier", "head.weight:5x1024 head.bias:5" },
            { "timm-mobilenetv3_large_100", "conv_head classifier", "conv_head.1.weight:9x960x1x1" },
            { "keras-MobileNet", "conv_preds", "dense/kernel:1024x32 dense/bias:32 answer_1/kernel:32x5" },
            { "keras-MobileNetV2", "predictions", "predictions/kernel:1792x32 dense/kernel:32x5 dense/bias:5" },
            { "keras-MobileNetV3Small", "logits conv_2", "dense/kernel:432x5 dense/bias:5" },
            { "paddleclas-MobileNetV3_small_x0_35", "fc last_conv", "fc.0.weight:204x5 fc.0.bias:5" },
        };

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task Features_are_those_of_the_same_file_with_the_known_head(string list, string without, string own)
    {
        var path = _folder.WriteImage("a.ppm", 1);

        var expected = await FeaturesAsync(Whole(list), path);
        var features = await FeaturesAsync(Headed(list, without, own), path);

        Assert.Equal(expected.Values, features.Values);
        Assert.Equal(expected.Model, features.Model);
        Assert.Contains(features.Notes, note => note.EndsWith("of a head of its own, which features do not need."));
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void A_new_head_goes_over_the_same_trunk(string list, string without, string own)
    {
        var whole = ModelSource.Load(new() { Model = Whole(list) });
        var loaded = ModelSource.Load(
            new()
            {
                Model = Headed(list, without, own),
                NewHeadSeed = 5,
                Classes = 3,
            }
        );

        Assert.Equal((whole.Name, 3), (loaded.Name, loaded.Model.Graph.Output.Channels));
        var drawn = WeightFormula.Create(loaded.Model.Graph, 5);
        var trunk = NewHead.Trunk(loaded.Model.Graph).Select(parameter => parameter.Name).ToHashSet();
        var isNew = false;
        foreach (var parameter in loaded.Model.Graph.Parameters)
        {
            var data = loaded.Model.Weights[parameter].Data.ToArray();
            isNew |= !data.SequenceEqual(whole.Model.Weights.Tensors[parameter.Name].Data.ToArray());
            var isDrawn = data.SequenceEqual(drawn[parameter].Data.ToArray());
            Assert.True(!isNew || isDrawn && !trunk.Contains(parameter.Name), parameter.Name);
        }
        Assert.True(isNew);
        Assert.Contains(
            loaded.Assumptions,
            note => note.Contains("of a head of its own: random weights from seed 5 stand in its place, in ")
        );
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void The_whole_network_is_refused_with_what_is_its_own(string list, string without, string own)
    {
        var (path, whole) = (Headed(list, without, own), ModelSource.Load(new() { Model = Whole(list) }));

        var fault = Assert.Throws<ModelFormatException>(() => ModelSource.Load(new() { Model = path }));
        var inspection = FileInspector.Inspect(path);

        Assert.Contains($"it is {whole.Name} of ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(", with a head of its own: '", fault.Message, StringComparison.Ordinal);
        Assert.Contains("not of a classifier that is known", fault.Message, StringComparison.Ordinal);
        Assert.Contains("mobilenet features", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--new-head SEED --classes N", fault.Message, StringComparison.Ordinal);
        Assert.Contains("ONNX", fault.Message, StringComparison.Ordinal);
        Assert.Equal(fault.Message, inspection.Refusal);
        Assert.Empty(inspection.Fits[0].Missing);
        Assert.Empty(inspection.Fits[0].Misshaped);
        Assert.All(Tensors(own), tensor => Assert.Contains(tensor.Key, inspection.Fits[0].Unused));
    }

    [Fact]
    public void A_head_of_the_known_structure_with_other_classes_is_used()
    {
        var path = Headed("mobilenet_v2", "classifier", "classifier.1.weight:5x1280 classifier.1.bias:5");
        Assert.Equal(5, ModelSource.Load(new() { Model = path }).Model.Graph.Output.Channels);
    }

    // An unknown tensor among the trunk's changes what the trunk computes.
    [Theory]
    [InlineData("mobilenet_v2", "", "features.5.conv.9.weight:64")]
    [InlineData("mobilenet_v2", "", "features.0.0.bias:32")]
    [InlineData("mobilenet_v2", "", "features.19.0.weight:64x1280x1x1")]
    [InlineData("mobilenet_v2", "features.3.conv.0.0", "")]
    [InlineData("mobilenet_v2", "features.18.0", "features.18.0.weight:640x320x1x1")]
    [InlineData("timm-mobilenetv2_035", "", "blocks.3.1.se.conv_reduce.weight:8x32x1x1")]
    [InlineData("timm-mobilenetv2_035", "", "conv_stem.bias:16")]
    [InlineData("timm-mobilenetv2_035", "conv_head", "")]
    [InlineData("keras-MobileNetV2", "", "Conv1/bias:48")]
    [InlineData("keras-MobileNetV2", "", "block_3_se_reduce/kernel:1x1x192x8")]
    [InlineData("keras-MobileNet", "", "conv_dw_2/bias:64")]
    [InlineData("paddleclas-MobileNetV3_small_x0_35", "", "blocks.1.mid_se.conv1.bias_2:3")]
    public async Task What_is_among_the_trunk_s_tensors_is_no_head(string list, string without, string own)
    {
        var path = Headed(list, $"{without} classifier predictions conv_preds fc", $"{own} head.weight:5x8");

        var fault = await Assert.ThrowsAsync<ModelFormatException>(() =>
            FeatureExtractor.LoadAsync(new() { Model = path })
        );

        Assert.Contains("of no network that is known", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_networks_in_a_file_none_is_chosen()
    {
        var tensors = Tensors(Whole("timm-mobilenetv2_035"), "");
        var both = tensors.SelectMany(tensor =>
            new[] { "student.", "teacher." }.Select(name => KeyValuePair.Create(name + tensor.Key, tensor.Value))
        );
        Safetensors.Write(_folder.PathOf("two.safetensors"), new("two", both.ToImmutableDictionary()));

        await Assert.ThrowsAsync<ModelFormatException>(() =>
            FeatureExtractor.LoadAsync(new() { Model = _folder.PathOf("two.safetensors") })
        );
    }

    [Fact]
    public async Task What_follows_the_pool_is_no_feature_where_it_is_another_head_s()
    {
        var options = new FeatureOptions(new() { Model = Headed("mobilenet_v2", "classifier", TorchHead) })
        {
            Features = [FeatureSource.OfLayer("classifier.1")],
        };

        var fault = await Assert.ThrowsAsync<ArgumentException>(() => FeatureExtractor.LoadAsync(options));

        Assert.StartsWith(
            "mobilenet_v2 up to 'avgpool', where the weights of its file end, has no layer 'classifier.1'",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("mobilenet_v2", "classifier")]
    [InlineData("timm-mobilenetv3_small_050", "classifier")]
    [InlineData("keras-MobileNetV2", "predictions")]
    [InlineData("keras-MobileNetV3Small", "logits conv_2")]
    public async Task A_file_without_a_head_gives_features_without_a_new_one(string list, string without)
    {
        var path = _folder.WriteImage("a.ppm", 1);

        var features = await FeaturesAsync(Headed(list, without, ""), path);

        Assert.Equal((await FeaturesAsync(Whole(list), path)).Values, features.Values);
        Assert.DoesNotContain(features.Notes, note => note.Contains("random", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData(TorchHead)]
    public async Task Classes_are_not_asked_of_features(string own)
    {
        var options = new ModelOptions { Model = Headed("mobilenet_v2", "classifier", own), Classes = 7 };

        var fault = await Assert.ThrowsAsync<ArgumentException>(() => FeatureExtractor.LoadAsync(new(options)));

        Assert.Contains("classes 7 was asked for, it has none", fault.Message, StringComparison.Ordinal);
    }

    private static async Task<(float[][] Values, string Model, IReadOnlyList<string> Notes)> FeaturesAsync(
        string model,
        string path
    )
    {
        var options = new FeatureOptions(new() { Model = model, Resolution = new(64, 96) })
        {
            Features = [FeatureSource.AtStride(8), FeatureSource.AtStride(32), FeatureSource.Embedding],
        };
        using var extractor = await FeatureExtractor.LoadAsync(options);
        float[][] values = [.. extractor.Extract(path).Features.Select(feature => feature.Data.ToArray())];
        return (values, extractor.Model, extractor.Assumptions);
    }

    /// <summary>Weights of an ecosystem's own list, or of an architecture in this library's names.</summary>
    private string Whole(string list)
    {
        if (list.Contains('-', StringComparison.Ordinal))
        {
            return PublishedFile.Write(_folder, list, 1000);
        }
        var path = _folder.PathOf("whole.safetensors");
        Safetensors.Write(path, ModelSource.Load(new() { Model = list, RandomSeed = 1 }).Model.Weights);
        return path;
    }

    /// <summary>The same without some tensors, and with others.</summary>
    private string Headed(string list, string without, string own)
    {
        var path = _folder.PathOf("own.safetensors");
        Safetensors.Write(path, new("own", Tensors(Whole(list), without).SetItems(Tensors(own))));
        return path;
    }

    private static ImmutableDictionary<string, Tensor> Tensors(string path, string without)
    {
        using var file = WeightFiles.Open(path);
        var names = without.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return file.ReadAll()
            .Tensors.Where(tensor => !names.Any(name => tensor.Key.StartsWith(name, StringComparison.Ordinal)))
            .ToImmutableDictionary();
    }

    private static ImmutableDictionary<string, Tensor> Tensors(string own) =>
        own.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => text.Split(':'))
            .ToImmutableDictionary(fields => fields[0], fields => Zeros(fields[1].Split('x')));

    private static Tensor Zeros(string[] axes)
    {
        ImmutableArray<int> shape = [.. axes.Select(axis => int.Parse(axis, CultureInfo.InvariantCulture))];
        return new(shape, new float[shape.Aggregate(1, (count, axis) => count * axis)]);
    }
}
