using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Host.Tests.Models;

/// <summary>Graphs as exporters rewrite them, held against the network of a contract.</summary>
public class ContractNetworkTests
{
    private static readonly Window _pointwise = new(Extent.Square(1), Extent.Square(1), Extent.Square(1), default);

    private static readonly WeightContract _torchvision = ContractCatalog.Get("mobilenet_v3_small.IMAGENET1K_V1");
    private static readonly WeightContract _keras = ContractCatalog.Get("MobileNetV3Small.imagenet");

    [Fact]
    public void Linear_layers_may_be_convolutions_and_convolutions_of_one_position_linear_layers()
    {
        Check(_torchvision, Changed(Graph(_torchvision), AsConvolution));
        Check(_torchvision, Changed(Graph(_torchvision), AsLinear));
    }

    [Fact]
    public void Normalisations_may_be_folded_or_depthwise_convolutions()
    {
        Check(_keras, Changed(Graph(_keras), AsDepthwise));
        Check(_keras, Changed(Graph(_keras), AsIdentity));
    }

    [Fact]
    public void The_epsilon_of_folded_normalisations_is_said_to_be_taken_for_granted()
    {
        const string assumption =
            "The epsilon of 0.001 that keras/MobileNetV3Small.imagenet has is taken for granted: 'net.onnx' has its "
            + "normalisations folded into other weights, which do not tell it.";

        Assert.Equal(assumption, ContractNetwork.Check(_keras, Changed(Graph(_keras), AsIdentity), "net.onnx"));
        Assert.Null(ContractNetwork.Check(_keras, Graph(_keras), "net.onnx"));
    }

    [Fact]
    public void Further_outputs_may_have_layers_of_their_own()
    {
        var graph = Graph(_torchvision);
        var weight = new Parameter("more", [7, graph.Output.Channels]);
        var more = new LinearLayer("more", [graph.OutputId], new FeatureShape(1, 1, 7), weight, null);

        Check(_torchvision, (graph with { Layers = graph.Layers.Add(more) }).WithOutputs(graph.OutputId));
    }

    [Fact]
    public void Zeros_that_no_window_sees_make_no_difference() =>
        Check(_torchvision, Padded(_torchvision, window => window.Padding with { Bottom = 0, Right = 0 }));

    [Fact]
    public void Padding_of_neither_way_is_refused()
    {
        var graph = Padded(_keras, window => window.Padding with { Top = 2, Bottom = 0 });

        Assert.Contains("' pads in a way of its own, by 2 above, ", Refusal(_keras, graph), StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_the_network_is_refused()
    {
        var graph = Graph(_torchvision);

        var fault = Refusal(_torchvision, graph.WithOutputs(graph.Layers.Length / 2));

        Assert.Contains("in 'net.onnx' it is missing. ", fault, StringComparison.Ordinal);
        Assert.Contains("Name the contract of the file's network", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Kinds_say_what_they_are()
    {
        var window = Extent.Square(3);

        Assert.Equal("3x3 depthwise, stride 1x1, 8 to 8 channels", $"{new LayerKind(window, new(1, 1), 8, 8, 8)}");
        Assert.Equal("3x3 in 2 groups, stride 2x1, 8 to 6 channels", $"{new LayerKind(window, new(2, 1), 2, 8, 6)}");
    }

    private static NetworkGraph Graph(WeightContract contract) =>
        ArchitectureCatalog.Get(contract.Architecture).Build(new() { Form = contract.Ecosystem });

    private static NetworkGraph Changed(NetworkGraph graph, Func<NetworkGraph, Layer, Layer> change)
    {
        var changed = graph with { Layers = [.. graph.Layers.Select(layer => change(graph, layer))] };
        Assert.NotEqual(graph.Layers.AsEnumerable(), changed.Layers);
        return changed;
    }

    private static Layer AsConvolution(NetworkGraph graph, Layer layer) =>
        layer is LinearLayer linear ? Pointwise(linear, graph, linear.Weight, 1) : layer;

    private static Layer AsDepthwise(NetworkGraph graph, Layer layer) =>
        layer is BatchNormLayer { Statistics.Scale: var scale }
            ? Pointwise(layer, graph, scale, layer.Output.Channels)
            : layer;

    private static Layer AsIdentity(NetworkGraph graph, Layer layer) =>
        layer is BatchNormLayer
            ? new ActivationLayer(layer.Name, layer.Inputs, layer.Output, Activation.Identity)
            : layer;

    private static Layer AsLinear(NetworkGraph graph, Layer layer) =>
        layer is ConvolutionLayer { Output: { Height: 1, Width: 1 } } convolution
            ? new LinearLayer(layer.Name, layer.Inputs, layer.Output, convolution.Weight, convolution.Bias)
            : layer;

    private static ConvolutionLayer Pointwise(Layer layer, NetworkGraph graph, Parameter weight, int groups)
    {
        var geometry = new ConvolutionGeometry(_pointwise, graph.ShapeOf(layer.Inputs[0]).Channels, groups);
        return new(layer.Name, layer.Inputs, layer.Output, geometry, weight, null);
    }

    private static NetworkGraph Padded(WeightContract contract, Func<Window, Padding> padding) =>
        Changed(
            Graph(contract),
            (_, layer) =>
                layer is ConvolutionLayer { Geometry: { Window: { Stride.Height: 2 } window } geometry } convolution
                    ? convolution with
                    {
                        Geometry = geometry with { Window = window with { Padding = padding(window) } },
                    }
                    : layer
        );

    private static void Check(WeightContract contract, NetworkGraph graph) =>
        ContractNetwork.Check(contract, graph, "net.onnx");

    private static string Refusal(WeightContract contract, NetworkGraph graph) =>
        Assert.Throws<ArgumentException>(() => Check(contract, graph)).Message;
}
