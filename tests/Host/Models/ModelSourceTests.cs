using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Models;

public sealed class ModelSourceTests : IDisposable
{
    private static readonly ModelOptions Small = new() { Model = "mobilenet_v2_relu", RandomSeed = 1 };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_architecture_takes_every_option_of_its_variant()
    {
        var options = new ModelOptions
        {
            Model = "mobilenet_v3_small",
            Width = 0.5,
            Resolution = new Extent(64, 96),
            Classes = 7,
            ReducedTail = true,
        };

        var graph = ModelSource.LoadGraph(options);
        var whole = ModelSource.LoadGraph(options with { ReducedTail = false });

        Assert.Equal(new FeatureShape(64, 96, 3), graph.Input);
        Assert.Equal(new FeatureShape(1, 1, 7), graph.Output);
        Assert.True(graph.Parameters.Sum(p => p.ElementCount) < whole.Parameters.Sum(p => p.ElementCount));
    }

    [Fact]
    public void A_seed_makes_the_same_random_weights_every_time()
    {
        var (first, second) = (ModelSource.Load(Small), ModelSource.Load(Small));
        var other = ModelSource.Load(Small with { RandomSeed = 2 });
        var parameter = first.Model.Graph.Parameters.First();

        Assert.Equal(first.Model.Weights[parameter].Data.ToArray(), second.Model.Weights[parameter].Data.ToArray());
        Assert.NotEqual(first.Model.Weights[parameter].Data.ToArray(), other.Model.Weights[parameter].Data.ToArray());
    }

    [Fact]
    public void Weights_come_from_a_safetensors_file()
    {
        var random = ModelSource.Load(Small).Model;
        Safetensors.Write(_folder.PathOf("w.safetensors"), random.Weights);

        var loaded = ModelSource.Load(Small with { RandomSeed = null, Weights = _folder.PathOf("w.safetensors") });

        var parameter = random.Graph.Parameters.Last();
        Assert.Equal(random.Weights[parameter].Data.ToArray(), loaded.Model.Weights[parameter].Data.ToArray());
        Assert.False(loaded.EndsInSoftmax);
        Assert.Null(loaded.Labels);
    }

    [Fact]
    public void Weights_of_another_variant_are_refused()
    {
        Safetensors.Write(_folder.PathOf("w.safetensors"), ModelSource.Load(Small).Model.Weights);
        var other = Small with { RandomSeed = null, Weights = _folder.PathOf("w.safetensors"), Width = 0.5 };

        var fault = Assert.Throws<ModelFormatException>(() => ModelSource.Load(other));

        Assert.Contains(
            "'stem.weight' is [32, 3, 3, 3], expected [16, 3, 3, 3]",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("w.safetensors", 1UL)]
    public void Exactly_one_source_of_weights_is_wanted(string? file, ulong? seed)
    {
        var options = Small with { Weights = file, RandomSeed = seed };

        var fault = Assert.Throws<ArgumentException>(() => ModelSource.Load(options));

        Assert.Contains("either a weight file", fault.Message, StringComparison.Ordinal);
    }

    public static TheoryData<ModelOptions> ArchitectureOptions =>
        [
            new ModelOptions { Weights = "w.safetensors" },
            new ModelOptions { RandomSeed = 1 },
            new ModelOptions { Width = 0.5 },
            new ModelOptions { Classes = 3 },
            new ModelOptions { ReducedTail = true },
        ];

    [Theory]
    [MemberData(nameof(ArchitectureOptions))]
    public void A_file_takes_no_options_of_an_architecture(ModelOptions options)
    {
        var graph = options with { Model = _folder.Write("any.onnx", "any") };

        var fault = Assert.Throws<ArgumentException>(() => ModelSource.Load(graph));

        Assert.Contains("apply to architecture names only", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ArchitectureOptions))]
    public void A_missing_file_is_missing_whatever_the_options(ModelOptions options) =>
        Assert.Throws<FileNotFoundException>(() => ModelSource.Load(options with { Model = "no-such.pth" }));

    [Fact]
    public void An_unknown_name_lists_the_known_ones()
    {
        var fault = Assert.Throws<ArgumentException>(() =>
            ModelSource.LoadGraph(new ModelOptions { Model = "mobilnet_v2" })
        );

        Assert.Contains("mobilenet_v2", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text-direction", true)]
    [InlineData("some/Net.ONNX", true)]
    [InlineData("mobilenet_v2", false)]
    public void Tells_files_from_architectures(string model, bool isFile) =>
        Assert.Equal(isFile, ModelSource.IsFile(model));

    [Theory]
    [InlineData("mobilenet_v2")]
    [InlineData("mobilenet_v1_keras")]
    [InlineData("mobilenet_v3_small_x0_35")]
    public void Each_ecosystem_has_its_preprocessing(string model)
    {
        var expected = model switch
        {
            "mobilenet_v1_keras" => Preprocessing.KerasTf,
            "mobilenet_v3_small_x0_35" => Preprocessing.PaddleTextDirection,
            _ => Preprocessing.ImageNet,
        };

        var options = new ModelOptions
        {
            Model = model,
            RandomSeed = 1,
            Width = 0.1,
            Resolution = new Extent(48, 64),
        };

        Assert.Equal(expected, ModelSource.Load(options).Preprocessing);
        Assert.Equal(
            Preprocessing.KerasTf,
            ModelSource.Load(options with { Preprocessing = Preprocessing.KerasTf }).Preprocessing
        );
    }
}
