using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Host.Tests.Models;

public sealed class OnnxModelSourceTests : IDisposable
{
    private static readonly Model Small = ModelSource
        .Load(new ModelOptions { Model = "mobilenet_v2_relu", RandomSeed = 1 })
        .Model;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_exported_network_judges_as_its_architecture_does()
    {
        var options = new ClassifierOptions
        {
            Model = Export("net.onnx", Small),
            Preprocessing = Preprocessing.KerasTf,
        };
        var path = _folder.WriteImage("a.ppm", 1);
        using var exported = await Classifier.LoadAsync(options);
        using var built = await Classifier.LoadAsync(
            new ClassifierOptions { Model = "mobilenet_v2_relu", RandomSeed = 1 }
        );

        var (actual, expected) = (exported.Classify(path), built.Classify(path));

        Assert.Equal(expected.Top.Index, actual.Top.Index);
        Assert.Equal(expected.Top.Score, actual.Top.Score, 1e-5);
    }

    [Fact]
    public async Task A_softmax_in_the_file_is_not_applied_again()
    {
        var file = Export("net.onnx", Pooled(channels: 3, withSoftmax: true));

        var loaded = ModelSource.Load(new ModelOptions { Model = file });
        using var classifier = await Classifier.LoadAsync(new ClassifierOptions { Model = file });
        var result = classifier.Classify(_folder.WriteImage("a.ppm", 1));

        Assert.True(loaded.EndsInSoftmax);
        Assert.Equal(1, result.Predictions.Sum(prediction => prediction.Score), 5);
    }

    [SkippableFact]
    public void The_trained_model_is_known_by_its_content()
    {
        var original = Repository.PathOf("models", PretrainedModel.FileName);
        Skip.IfNot(File.Exists(original), $"{original} is not there; eng/fetch-model text-direction fetches it.");
        File.Copy(original, _folder.PathOf("other.onnx"));

        var loaded = ModelSource.Load(new ModelOptions { Model = _folder.PathOf("other.onnx") });

        Assert.Equal(Preprocessing.PaddleTextDirection, loaded.Preprocessing);
        Assert.Equal(2, loaded.Labels?.Count);
    }

    [Fact]
    public void A_name_of_the_trained_model_does_not_make_another_file_it()
    {
        var options = new ModelOptions
        {
            Model = "mobilenet_v2_relu",
            RandomSeed = 1,
            Resolution = new Extent(48, 192),
        };
        var wide = ModelSource.Load(options).Model;

        var named = ModelSource.Load(new ModelOptions { Model = Export(PretrainedModel.FileName, wide) });
        var plain = ModelSource.Load(new ModelOptions { Model = Export("net.onnx", Small) });

        Assert.Equal(Preprocessing.ImageNet, named.Preprocessing);
        Assert.Equal(Preprocessing.ImageNet, plain.Preprocessing);
        Assert.Null(named.Labels);
    }

    [Fact]
    public async Task A_network_that_reads_no_pictures_is_refused()
    {
        var options = new ClassifierOptions { Model = Export("net.onnx", Pooled(channels: 4, withSoftmax: false)) };

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => Classifier.LoadAsync(options));

        Assert.True(fault is ArgumentException or ModelFormatException, fault.ToString());
        Assert.Contains("4", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_network_is_refused() =>
        Assert.Throws<ModelFormatException>(() =>
            ModelSource.LoadGraph(new ModelOptions { Model = _folder.Write("net.onnx", "no network") })
        );

    private string Export(string name, Model model)
    {
        File.WriteAllBytes(_folder.PathOf(name), OnnxWriter.Write(model, new OnnxWriteOptions()));
        return _folder.PathOf(name);
    }

    private static Model Pooled(int channels, bool withSoftmax)
    {
        var builder = new GraphBuilder("pooled", new FeatureShape(8, 8, channels));
        var value = builder.Convolution("conv", builder.Input, 5, Window.Pointwise, new ConvolutionOptions());
        value = builder.GlobalAveragePool("pool", value);
        var graph = builder.Build(withSoftmax ? builder.Softmax("softmax", value) : value);
        return new(graph, WeightFormula.Create(graph, 1));
    }
}
