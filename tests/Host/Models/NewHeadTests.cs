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
    public void Another_number_of_classes_is_refused_unless_a_new_head_is_asked_for() =>
        Assert.Throws<ModelFormatException>(() => ModelSource.Load(FromFile with { Classes = 7 }));

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

    private static float[] HeadOf(LoadedModel loaded)
    {
        NetworkGraph graph = loaded.Model.Graph;
        return loaded.Model.Weights[graph.Parameters.Single(p => p.Name == "classifier.3.weight")].Data.ToArray();
    }
}
