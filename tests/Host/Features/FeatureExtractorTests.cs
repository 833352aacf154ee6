using System.Collections.Immutable;
using ILGpuMobileNet.Host.Features;
using ILGpuMobileNet.Host.Tests.Contracts;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Host.Tests.Features;

public sealed class FeatureExtractorTests : IDisposable
{
    private static readonly ModelOptions s_v2 = new()
    {
        Model = "mobilenet_v2",
        RandomSeed = 1,
        Resolution = new(64, 96),
        Width = 0.35,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_embedding_is_what_the_classifier_reads()
    {
        using var extractor = await FeatureExtractor.LoadAsync(new(s_v2));
        var path = _folder.WriteImage("a.ppm", 1);

        var features = Assert.Single(extractor.Extract(path).Features);

        Assert.Equal<int>([1280], features.Shape);
        Assert.Equal<int>([1280], Assert.Single(extractor.Axes));
        Assert.InRange(Closeness.RelativeError(Logits(features), await LogitsOf(path)), 0, 1e-5);
    }

    [Fact]
    public async Task Maps_come_from_the_last_layer_at_their_stride_channels_first()
    {
        var options = new FeatureOptions(s_v2)
        {
            Features = [.. new[] { 32, 16, 8, 4, 2 }.Select(FeatureSource.AtStride), FeatureSource.Embedding],
        };
        using var extractor = await FeatureExtractor.LoadAsync(options);

        var features = extractor.Extract(_folder.WriteImage("a.ppm", 1)).Features;

        Assert.Equal(
            ["1280, 2, 3", "192, 4, 6", "96, 8, 12", "48, 16, 24", "48, 32, 48", "1280"],
            features.Select(feature => string.Join(", ", feature.Shape))
        );
        var means = features[0].Data.ToArray().Chunk(6).Select(map => map.Average(value => (double)value)).ToArray();
        Assert.InRange(Closeness.RelativeError(means, features[^1].Data.ToArray()), 0, 1e-5);
    }

    [Fact]
    public async Task A_layer_is_had_by_name_and_twice_if_asked_for_twice()
    {
        var options = new FeatureOptions(s_v2)
        {
            Features =
            [
                FeatureSource.OfLayer("features.18.2"),
                FeatureSource.AtStride(32),
                FeatureSource.OfLayer("avgpool"),
            ],
        };
        using var extractor = await FeatureExtractor.LoadAsync(options);

        var features = extractor.Extract(_folder.WriteImage("a.ppm", 1)).Features;

        Assert.Equal(["features.18.2", "stride32", "avgpool"], extractor.Features.Select(feature => feature.Name));
        Assert.Equal(features[0].Data.ToArray(), features[1].Data.ToArray());
        Assert.Equal<int>([1280], features[2].Shape);
    }

    // timm's features_only=True: a network without its last convolution gives at stride 32 what that would have read.
    [Theory]
    [InlineData("timm-mobilenetv2_035", "classifier conv_head bn2", "features.17.conv.3")]
    [InlineData("timm-mobilenetv3_small_050", "classifier conv_head", "features.12.2")]
    [InlineData("timm-mobilenetv1_125", "classifier", "model.13.5")]
    public async Task A_backbone_gives_the_maps_that_its_own_weights_make(string list, string without, string last)
    {
        var whole = PublishedFile.Write(_folder, list, 1000);
        var backbone = PublishedFile.Write(_folder, list, 1000, "b.safetensors", without.Split(' '));
        var path = _folder.WriteImage("a.ppm", 1);

        var expected = await MapsAsync(new() { Model = whole }, FeatureSource.OfLayer(last), path);
        var maps = await MapsAsync(Headed(backbone), FeatureSource.AtStride(32), path);

        Assert.Equal(expected[0].Data.ToArray(), maps[0].Data.ToArray());
        Assert.Equal(expected[1].Data.ToArray(), maps[1].Data.ToArray());
    }

    [Fact]
    public async Task A_backbone_has_no_features_of_drawn_weights()
    {
        var backbone = PublishedFile.Write(
            _folder,
            "timm-mobilenetv2_035",
            1000,
            "b.safetensors",
            ["classifier", "conv_head", "bn2"]
        );
        async Task<string> FaultOf(FeatureSource feature) =>
            (
                await Assert.ThrowsAsync<ArgumentException>(() =>
                    FeatureExtractor.LoadAsync(new(Headed(backbone)) { Features = [feature] })
                )
            ).Message;

        const string end = "mobilenet_v2 up to 'features.17.conv.3', where its random weights begin, has no ";
        Assert.StartsWith($"{end}embedding", await FaultOf(FeatureSource.Embedding), StringComparison.Ordinal);
        Assert.StartsWith(
            $"{end}layer 'features.18.2'",
            await FaultOf(FeatureSource.OfLayer("features.18.2")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Many_images_come_in_order_and_a_bad_one_is_reported()
    {
        using var extractor = await FeatureExtractor.LoadAsync(new FeatureOptions(s_v2) { MaximalBatch = 3 });
        string[] paths =
        [
            .. Enumerable.Range(0, 4).Select(i => _folder.WriteImage($"{i}.ppm", i)),
            _folder.Write("bad.png", "no picture"),
        ];

        var results = extractor.ExtractMany(paths).ToList();

        Assert.Equal(paths, results.Select(result => result.File));
        Assert.All(
            results.SkipLast(1),
            result =>
                Assert.Equal(
                    extractor.Extract(result.File).Features[0].Data.ToArray(),
                    result.Features[0].Data.ToArray()
                )
        );
        Assert.StartsWith("This is no image", results[^1].Error, StringComparison.Ordinal);
        Assert.Empty(results[^1].Features);
        Assert.Throws<ImageFormatException>(() => extractor.Extract(paths[^1]));
    }

    [Fact]
    public async Task Tells_what_it_runs_and_ends_when_disposed()
    {
        var extractor = await FeatureExtractor.LoadAsync(new(s_v2));
        Assert.Equal(("mobilenet_v2", "cpu"), (extractor.Model, extractor.Device));
        Assert.Equal(Preprocessing.ImageNet, extractor.Preprocessing);
        extractor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => extractor.Extract(_folder.WriteImage("a.ppm", 1)));
    }

    [Fact]
    public async Task A_stride_that_is_not_there_is_refused_with_those_that_are()
    {
        var fault = await RefusedAsync(s_v2, FeatureSource.AtStride(64));
        Assert.Equal("mobilenet_v2 has no feature map at stride 64; it has 2x2, 4x4, 8x8, 16x16, 32x32.", fault);
        Assert.Throws<ArgumentOutOfRangeException>(() => FeatureSource.AtStride(0));
    }

    [Fact]
    public async Task A_layer_that_is_not_there_is_refused()
    {
        var fault = await RefusedAsync(s_v2, FeatureSource.OfLayer("features.19"));
        Assert.StartsWith("mobilenet_v2 has no layer 'features.19'; its last are ", fault, StringComparison.Ordinal);
        Assert.EndsWith("classifier.1. 'mobilenet summary' lists all.", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_that_ends_in_a_map_has_no_embedding()
    {
        var options = new ModelOptions { Model = "mobilenet_v1_enhance", RandomSeed = 1 };
        var fault = await RefusedAsync(options, FeatureSource.Embedding);
        Assert.StartsWith("mobilenet_v1_enhance has no embedding: no global pool", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    [InlineData(0, 4097)]
    public async Task Threads_and_batches_out_of_range_are_refused(int threads, int batch)
    {
        var options = new FeatureOptions(s_v2) { ThreadCount = threads, MaximalBatch = batch };
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => FeatureExtractor.LoadAsync(options));
    }

    private static ModelOptions Headed(string path) =>
        new()
        {
            Model = path,
            NewHeadSeed = 1,
            Classes = 3,
        };

    /// <summary>A feature, and the map at stride 16, of a picture.</summary>
    private static async Task<ImmutableArray<Tensor>> MapsAsync(ModelOptions model, FeatureSource feature, string path)
    {
        var options = new FeatureOptions(model) { Features = [feature, FeatureSource.AtStride(16)] };
        using var extractor = await FeatureExtractor.LoadAsync(options);
        return [.. extractor.Extract(path).Features];
    }

    private static async Task<string> RefusedAsync(ModelOptions model, FeatureSource feature)
    {
        var options = new FeatureOptions(model) { Features = [feature] };
        return (await Assert.ThrowsAsync<ArgumentException>(() => FeatureExtractor.LoadAsync(options))).Message;
    }

    /// <summary>The classifier over an embedding, in double precision.</summary>
    private static double[] Logits(Tensor embedding)
    {
        var (graph, weights) = ModelSource.Load(s_v2).Model;
        var parameters = graph.Parameters.ToDictionary(parameter => parameter.Name, parameter => weights[parameter]);
        return ReferenceOperations.Linear(
            [.. embedding.Data.ToArray().Select(value => (double)value)],
            parameters["classifier.1.weight"].Data.ToArray(),
            parameters["classifier.1.bias"].Data.ToArray(),
            default
        );
    }

    private static async Task<float[]> LogitsOf(string path)
    {
        var logits = FeatureSource.OfLayer("classifier.1");
        using var extractor = await FeatureExtractor.LoadAsync(new FeatureOptions(s_v2) { Features = [logits] });
        return extractor.Extract(path).Features[0].Data.ToArray();
    }
}
