using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Tests.Architectures;

/// <summary>What differs between ecosystems, seen in the graphs.</summary>
public sealed class FamilyFactsTests
{
    private static NetworkGraph Build(string name) => ArchitectureCatalog.Get(name).Build(new());

    private static Layer LayerOf(NetworkGraph graph, string name) => graph.Layers.Single(layer => layer.Name == name);

    private static Activation ActivationOf(NetworkGraph graph, string name) =>
        Assert.IsType<ActivationLayer>(LayerOf(graph, name)).Activation;

    [Theory]
    [InlineData("mobilenet_v1", 1e-5)]
    [InlineData("mobilenet_v1_keras", 1e-3)]
    [InlineData("mobilenet_v2", 1e-5)]
    [InlineData("mobilenet_v2_relu", 1e-3)]
    [InlineData("mobilenet_v3_small", 1e-3)]
    [InlineData("mobilenet_v3_large", 1e-3)]
    [InlineData("mobilenet_v3_small_minimalistic", 1e-3)]
    [InlineData("mobilenet_v3_large_minimalistic", 1e-3)]
    [InlineData("mobilenet_v3_small_keras", 1e-3)]
    [InlineData("mobilenet_v3_small_x0_35", 1e-5)]
    [InlineData("mobilenet_v1_enhance", 1e-5)]
    public void Epsilon_is_the_one_of_the_ecosystem(string name, double epsilon) =>
        Assert.All(Build(name).Layers.OfType<BatchNormLayer>(), layer => Assert.Equal(epsilon, layer.Epsilon));

    [Theory]
    [InlineData("mobilenet_v1", false)]
    [InlineData("mobilenet_v1_keras", true)]
    [InlineData("mobilenet_v2", false)]
    [InlineData("mobilenet_v2_relu", true)]
    [InlineData("mobilenet_v3_small", false)]
    [InlineData("mobilenet_v3_large", false)]
    [InlineData("mobilenet_v3_small_keras", true)]
    [InlineData("mobilenet_v3_small_x0_35", false)]
    [InlineData("mobilenet_v1_enhance", false)]
    public void Keras_convolutions_have_biases_and_pad_at_the_bottom_and_right(string name, bool isKeras)
    {
        var graph = Build(name);
        var convolutions = graph.Layers.OfType<ConvolutionLayer>().ToList();
        var normalised = graph.Layers.OfType<BatchNormLayer>().SelectMany(layer => layer.Inputs).ToHashSet();
        foreach (var convolution in convolutions)
        {
            var isNormalised = normalised.Contains(graph.Layers.IndexOf(convolution) + 1);
            Assert.Equal(isKeras || !isNormalised, convolution.Bias is not null);
        }
        var strided = convolutions.Where(c => c.Geometry.Window is { TapCount: 9, Stride.Height: 2 }).ToList();
        var top = isKeras ? 0 : 1;
        Assert.All(
            strided,
            c => Assert.Equal((top, 1), (c.Geometry.Window.Padding.Top, c.Geometry.Window.Padding.Bottom))
        );
        Assert.Equal(name == "mobilenet_v2_relu", strided.Count == 0);
    }

    [Theory]
    [InlineData("mobilenet_v3_small", "features.4.block.2.", "activation", "scale_activation")]
    [InlineData("mobilenet_v3_large", "features.4.block.2.", "activation", "scale_activation")]
    [InlineData("mobilenet_v1_enhance", "block_list.11._se.", "conv1.activation", "conv2.activation")]
    public void Gate_is_relu_then_hard_sigmoid_of_slope_one_sixth(string name, string scope, string first, string gate)
    {
        var graph = Build(name);

        Assert.Equal(Activation.Relu, ActivationOf(graph, scope + first));
        Assert.Equal(Activation.HardSigmoid(1f / 6), ActivationOf(graph, scope + gate));
    }

    [Fact]
    public void Gate_of_the_text_direction_classifier_has_slope_0_2()
    {
        var graph = Build("mobilenet_v3_small_x0_35");

        Assert.Equal(Activation.Relu, ActivationOf(graph, "blocks.0.mid_se.conv1.activation"));
        Assert.Equal(Activation.HardSigmoid(0.2f), ActivationOf(graph, "blocks.0.mid_se.conv2.activation"));
    }

    [Fact]
    public void Gate_of_the_keras_port_is_relu6_then_hard_swish()
    {
        var graph = Build("mobilenet_v3_small_keras");

        Assert.Equal(Activation.Relu6, ActivationOf(graph, "blocks.0.se.reduce.activation"));
        Assert.Equal(Activation.HardSwish, ActivationOf(graph, "blocks.0.se.expand.activation"));
    }

    [Fact]
    public void RE_is_relu6_in_the_keras_port_and_relu_elsewhere()
    {
        Assert.Equal(
            Activation.Relu6,
            ActivationOf(Build("mobilenet_v3_small_keras"), "blocks.1.depthwise.activation")
        );
        Assert.Equal(Activation.Relu, ActivationOf(Build("mobilenet_v3_small"), "features.2.block.1.2"));
        Assert.Equal(Activation.Relu, ActivationOf(Build("mobilenet_v3_small_x0_35"), "blocks.1.bottleneck_conv.act"));
    }

    [Theory]
    [InlineData("mobilenet_v1", ActivationKind.Relu)]
    [InlineData("mobilenet_v1_keras", ActivationKind.Relu)]
    [InlineData("mobilenet_v2", ActivationKind.Relu6)]
    public void Networks_before_V3_use_one_activation(string name, ActivationKind kind) =>
        Assert.All(
            Build(name).Layers.OfType<ActivationLayer>(),
            layer => Assert.Equal(new Activation(kind), layer.Activation)
        );

    [Theory]
    [InlineData("mobilenet_v3_small", 4)]
    [InlineData("mobilenet_v3_large", 7)]
    public void V3_turns_to_hard_swish_at_the_row_of_its_table(string name, int firstHardSwishRow)
    {
        var graph = Build(name);
        var relus = Enumerable.Range(2, firstHardSwishRow - 2).Select(row => $"features.{row}.block.0.2").ToList();
        var hardSwishes = new[] { "features.0.2", $"features.{firstHardSwishRow}.block.0.2", "classifier.1" };

        Assert.All(relus, layer => Assert.Equal(Activation.Relu, ActivationOf(graph, layer)));
        Assert.All(hardSwishes, layer => Assert.Equal(Activation.HardSwish, ActivationOf(graph, layer)));
    }

    [Theory]
    [InlineData("mobilenet_v3_small_minimalistic", "mobilenet_v3_small", 9)]
    [InlineData("mobilenet_v3_large_minimalistic", "mobilenet_v3_large", 8)]
    public void Minimalistic_V3_has_ReLU_and_3x3_kernels_only_in_the_channels_of_V3(string name, string full, int gates)
    {
        foreach (var form in ArchitectureCatalog.Get(name).Forms.Select(form => form.Ecosystem))
        {
            var graph = ArchitectureCatalog.Get(name).Build(new() { Form = form });
            var kernels = Convolutions(graph).Select(layer => layer.Geometry.Window.TapCount).Distinct().Order();
            var others = Convolutions(ArchitectureCatalog.Get(full).Build(new() { Form = form }));

            Assert.All(
                graph.Layers.OfType<ActivationLayer>(),
                layer => Assert.Equal(Activation.Relu, layer.Activation)
            );
            Assert.Equal([1, 9], kernels);
            Assert.DoesNotContain(graph.Layers, layer => layer is ScaleLayer);
            Assert.Equal(2 * gates, others.RemoveAll(layer => layer.Output.PixelCount == 1));
            Assert.Equal(
                others.Select(layer => layer.Output.ToString()),
                Convolutions(graph).Select(layer => layer.Output.ToString())
            );
        }
    }

    [Fact]
    public void Minimalistic_V3_has_the_forms_that_TensorFlow_trained() =>
        Assert.All(
            ["mobilenet_v3_small_minimalistic", "mobilenet_v3_large_minimalistic"],
            name =>
            {
                var forms = ArchitectureCatalog.Get(name).Forms;
                Assert.Equal(["keras", "timm-tf", "tf-slim"], forms.Select(form => form.Ecosystem));
                Assert.All(forms, form => Assert.Equal(Family.TensorFlow, form.Family));
            }
        );

    private static List<ConvolutionLayer> Convolutions(NetworkGraph graph) =>
        [.. graph.Layers.OfType<ConvolutionLayer>()];

    [Fact]
    public void V1_enhance_uses_hard_swish_outside_its_gates()
    {
        var activations = Build("mobilenet_v1_enhance")
            .Layers.OfType<ActivationLayer>()
            .Where(layer => !layer.Name.Contains("._se.", StringComparison.Ordinal))
            .ToList();

        Assert.Equal(27, activations.Count);
        Assert.All(activations, layer => Assert.Equal(Activation.HardSwish, layer.Activation));
    }

    [Fact]
    public void Keras_port_applies_its_width_to_projections_only()
    {
        var half = ArchitectureCatalog.Get("mobilenet_v3_small_keras").Build(new() { Width = 0.5 });

        Assert.Equal(16, LayerOf(half, "stem").Output.Channels);
        Assert.Equal(72, LayerOf(half, "blocks.1.depthwise").Output.Channels);
        Assert.Equal(12, LayerOf(half, "blocks.1.project").Output.Channels);
        Assert.Equal(576, LayerOf(half, "head").Output.Channels);
        Assert.Equal(1024, LayerOf(half, "dense").Output.Channels);
    }

    [Fact]
    public void V2_keeps_1280_last_channels_below_width_1()
    {
        var network = ArchitectureCatalog.Get("mobilenet_v2");

        Assert.Equal(1280, LayerOf(network.Build(new() { Width = 0.35 }), "features.18.0").Output.Channels);
        Assert.Equal(1792, LayerOf(network.Build(new() { Width = 1.4 }), "features.18.0").Output.Channels);
    }
}
