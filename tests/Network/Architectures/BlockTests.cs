using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Architectures.Blocks;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Tests.Architectures;

public sealed class BlockTests
{
    private static readonly FeatureShape _input = new(15, 13, 24);

    private static NetworkGraph Build(Block block, FeatureShape? input = null, Family? family = null)
    {
        var graph = new GraphBuilder("block", input ?? _input);
        return graph.Build(block.AppendTo(graph, graph.Input, family ?? Family.Torch));
    }

    private static IEnumerable<string> NamesOf(NetworkGraph graph) => graph.Layers.Select(layer => layer.Name);

    [Theory]
    [InlineData(ActivationKind.Relu)]
    [InlineData(ActivationKind.Silu)]
    public void Depthwise_separable_puts_its_activation_after_both_batch_norms(ActivationKind kind)
    {
        var block = new DepthwiseSeparable(DepthwiseSeparableNames.Plain(), 40)
        {
            Stride = Extent.Square(2),
            Activation = new(kind),
        };
        var graph = Build(block);

        Assert.Equal(
            ["depthwise", "depthwise_bn", "depthwise.activation", "pointwise", "pointwise_bn", "pointwise.activation"],
            NamesOf(graph)
        );
        Assert.All(graph.Layers.OfType<ActivationLayer>(), layer => Assert.Equal(kind, layer.Activation.Kind));
        Assert.Equal(24, Assert.IsType<ConvolutionLayer>(graph.Layers[0]).Geometry.Groups);
        Assert.Equal(new FeatureShape(8, 7, 40), graph.Output);
    }

    [Fact]
    public void Depthwise_separable_squeezes_between_its_convolutions()
    {
        var graph = Build(new DepthwiseSeparable(DepthwiseSeparableNames.Plain("b"), 40) { Squeezed = 6 });

        Assert.Equal(
            [
                "b.se.avgpool",
                "b.se.reduce",
                "b.se.reduce.activation",
                "b.se.expand",
                "b.se.expand.activation",
                "b.se.scale",
            ],
            NamesOf(graph).Skip(3).Take(6)
        );
        Assert.Equal([3, 8], graph.Layers[8].Inputs.ToArray());
        Assert.Equal([9], graph.Layers[9].Inputs.ToArray());
    }

    [Fact]
    public void Inverted_residual_expands_and_adds_its_input()
    {
        var graph = Build(new InvertedResidual(InvertedResidualNames.Plain(), 24) { Expanded = 72 });

        Assert.Equal(
            [
                "expand",
                "expand_bn",
                "expand.activation",
                "depthwise",
                "depthwise_bn",
                "depthwise.activation",
                "project",
                "project_bn",
                "add",
            ],
            NamesOf(graph)
        );
        Assert.Equal([8, 0], graph.Layers[^1].Inputs.ToArray());
        Assert.Equal(72, graph.Layers[3].Output.Channels);
        Assert.All(graph.Layers.OfType<ActivationLayer>(), layer => Assert.Equal(Activation.Relu6, layer.Activation));
    }

    [Fact]
    public void Inverted_residual_without_expansion_starts_depthwise() =>
        Assert.Equal("depthwise", Build(new InvertedResidual(InvertedResidualNames.Plain(), 24)).Layers[0].Name);

    [Theory]
    [InlineData(40, 1)] // other channels
    [InlineData(24, 2)] // the shapes agree on 1x1 maps, but the stride is 2
    public void Inverted_residual_does_not_add_what_is_not_its_input(int channels, int stride)
    {
        var block = new InvertedResidual(InvertedResidualNames.Plain(), channels) { Stride = Extent.Square(stride) };

        Assert.DoesNotContain(Build(block, new(1, 1, 24)).Layers, layer => layer is AddLayer);
    }

    [Fact]
    public void Inverted_residual_adds_a_strided_shortcut_where_the_identity_does_not_fit()
    {
        var stride = Extent.Square(2);
        var block = new InvertedResidual(InvertedResidualNames.Plain(), 40)
        {
            Stride = stride,
            Shortcut = new(UnitNames.Plain("shortcut"), 40) { Stride = stride },
        };
        var graph = Build(block);

        Assert.Equal(["shortcut", "shortcut_bn", "add"], NamesOf(graph).TakeLast(3));
        Assert.Equal(new FeatureShape(8, 7, 40), graph.Output);
    }

    [Fact]
    public void Squeeze_excite_gates_its_own_input()
    {
        var graph = Build(new SqueezeExcite(SqueezeExciteNames.Plain(), 10), new(9, 11, 40));

        Assert.Equal(
            ["avgpool", "reduce", "reduce.activation", "expand", "expand.activation", "scale"],
            NamesOf(graph)
        );
        Assert.Equal([0, 5], graph.Layers[^1].Inputs.ToArray());
        Assert.Equal(
            ["reduce.weight", "reduce.bias", "expand.weight", "expand.bias"],
            graph.Parameters.Select(parameter => parameter.Name)
        );
        Assert.Equal(new FeatureShape(1, 1, 10), graph.Layers[1].Output);
    }

    [Theory]
    [InlineData(PaddingRule.Symmetric)]
    [InlineData(PaddingRule.Same)]
    public void Strided_shortcut_needs_no_padding(PaddingRule padding)
    {
        var block = new StridedShortcut(new("conv", "bn", "act"), 40) { Stride = Extent.Square(2) };
        var graph = Build(block, family: new Family { Padding = padding });

        Assert.Equal(["conv", "bn"], NamesOf(graph));
        Assert.Equal(default, Assert.IsType<ConvolutionLayer>(graph.Layers[0]).Geometry.Window.Padding);
        Assert.Equal(new FeatureShape(8, 7, 40), graph.Output);
    }

    [Theory]
    [InlineData(0, 1, 40)]
    [InlineData(3, 0, 40)]
    [InlineData(3, -2, 40)]
    [InlineData(3, 1, 0)]
    public void Refuses_kernels_strides_and_channels_below_one(int kernel, int stride, int channels)
    {
        var block = new ConvolutionUnit(UnitNames.Plain("conv"), channels)
        {
            Kernel = Extent.Square(kernel),
            Stride = Extent.Square(stride),
        };

        Assert.ThrowsAny<ArgumentException>(() => Build(block));
    }

    [Fact]
    public void Refuses_a_graph_or_family_that_is_null()
    {
        var graph = new GraphBuilder("block", _input);
        var block = new StridedShortcut(UnitNames.Plain("conv"), 8);

        Assert.Throws<ArgumentNullException>(() => block.AppendTo(null!, graph.Input, Family.Torch));
        Assert.Throws<ArgumentNullException>(() => block.AppendTo(graph, graph.Input, null!));
    }
}
