using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Models;

/// <summary>Graphs whose normalisations are folded, so that only what they compute says what they are.</summary>
public sealed class GraphIdentityTests
{
    [Theory]
    [InlineData("mobilenet_v1", "pytorch", 1, 1000)]
    [InlineData("mobilenet_v1", "tf-slim", 0.25, 1001)]
    [InlineData("mobilenet_v1", "keras", 0.75, 1)]
    [InlineData("mobilenet_v2", "torchvision", 1, 1000)]
    [InlineData("mobilenet_v2", "keras", 0.35, 7)]
    [InlineData("mobilenet_v2", "paddleclas", 0.5, 1000)]
    [InlineData("mobilenet_v3_small", "torchvision", 1, 1000)]
    [InlineData("mobilenet_v3_small", "timm-tf", 0.75, 2)]
    [InlineData("mobilenet_v3_large", "keras", 1, 1000)]
    [InlineData("mobilenet_v3_large", "tf-slim", 0.75, 1001)]
    public void A_folded_graph_is_named_with_width_and_classes(
        string architecture,
        string form,
        double width,
        int classes
    )
    {
        var options = new ArchitectureOptions
        {
            Form = form,
            Width = width,
            Classes = classes,
            Resolution = new(64, 96),
        };
        var graph = Folded(ArchitectureCatalog.Get(architecture).Build(options));

        var identity = GraphIdentity.Of(graph);

        Assert.Equal((architecture, width), (identity?.Architecture.Name, identity?.Width));
        Assert.Equal((classes, false), (identity!.Classes, identity.ReducedTail));
    }

    [Fact]
    public void A_reduced_tail_is_told_from_a_whole_one()
    {
        var graph = ArchitectureCatalog.Get("mobilenet_v3_large").Build(new() { ReducedTail = true });

        Assert.True(GraphIdentity.Of(Folded(graph))!.ReducedTail);
    }

    [Fact]
    public void A_network_that_ends_in_features_has_no_classes()
    {
        var identity = GraphIdentity.Of(Folded(ArchitectureCatalog.Get("mobilenet_v1_enhance").Build(new())));

        Assert.Equal(("mobilenet_v1_enhance", null), (identity?.Architecture.Name, identity?.Classes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(51)]
    public void One_other_convolution_makes_it_another_network(int changed)
    {
        var graph = ArchitectureCatalog.Get("mobilenet_v2").Build(new());
        var layer = graph.Layers.OfType<ConvolutionLayer>().ElementAt(changed);
        var other = layer with
        {
            Geometry = layer.Geometry with { Window = layer.Geometry.Window with { Kernel = Extent.Square(7) } },
        };

        Assert.Null(GraphIdentity.Of(graph with { Layers = graph.Layers.Replace(layer, other) }));
        Assert.Null(GraphIdentity.Of(graph.WithOutputs(layer.Inputs[0] + 1)));
    }

    // PyTorch's exporter folds; these have rows, heads or whole networks of their own.
    [Theory]
    [InlineData("v1_opset7")]
    [InlineData("v2_opset13")]
    [InlineData("v3_small_opset17")]
    [InlineData("mnasnet_opset11")]
    [InlineData("efficientnet_opset13")]
    [InlineData("squeezenet_opset9")]
    public void Relatives_are_not_taken_for_it(string file)
    {
        var path = Repository.PathOf("tests", "Network", "Onnx", "Goldens", $"{file}.onnx");

        Assert.Null(GraphIdentity.Of(GraphFiles.ReadGraph(path, null, default)));
    }

    [SkippableFact]
    public void The_trained_classifier_is_what_it_was_exported_from()
    {
        var path = Repository.PathOf("models", "ppocr-text-direction.onnx");
        Skip.IfNot(File.Exists(path), "Run eng/fetch-model text-direction.");

        var identity = GraphIdentity.Of(GraphFiles.ReadGraph(path, new(48, 192), default));

        Assert.Equal(("mobilenet_v3_small_x0_35", 0.35), (identity?.Architecture.Name, identity?.Width));
        Assert.Equal(2, identity!.Classes);
    }

    [SkippableFact]
    public void A_published_graph_that_its_converter_folded_is_named()
    {
        var path = Repository.PathOf("models", "nsfwjs", "mobilenet_v2_mid", "model.json");
        Skip.IfNot(File.Exists(path), "Run eng/fetch-nsfwjs.");

        var identity = GraphIdentity.Of(GraphFiles.ReadGraph(path, null, default));

        Assert.Equal(("mobilenet_v2", 1.4, 5), (identity?.Architecture.Name, identity?.Width, identity?.Classes));
    }

    private static NetworkGraph Folded(NetworkGraph graph) =>
        graph with
        {
            Layers =
            [
                .. graph.Layers.Select(layer =>
                    layer is BatchNormLayer
                        ? new ActivationLayer(layer.Name, layer.Inputs, layer.Output, Activation.Identity)
                        : layer
                ),
            ],
        };
}
