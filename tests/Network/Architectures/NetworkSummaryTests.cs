using System.Text.Json;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Tests.Architectures;

public sealed class NetworkSummaryTests
{
    private static NetworkSummary Summarise(string name) =>
        NetworkSummary.Of(ArchitectureCatalog.Get(name).Build(new()));

    /// <summary>Pointwise outputs of MobileNetV1's rows, from the paper.</summary>
    private static readonly int[] _v1Outputs = [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024];

    [Fact]
    public void Separable_convolutions_cost_1_over_N_plus_1_over_k_squared()
    {
        var costs = Summarise("mobilenet_v1")
            .Layers.Select(layer => layer.CostVsStandard)
            .OfType<SeparableCost>()
            .ToList();

        Assert.Equal(_v1Outputs.Length, costs.Count);
        foreach (var (cost, outputs) in costs.Zip(_v1Outputs))
        {
            Assert.Equal(1.0 / outputs + 1.0 / 9, cost.Measured, precision: 12);
            Assert.Equal(1.0 / outputs + 1.0 / 9, cost.Formula, precision: 12);
        }
    }

    [Theory]
    [InlineData("mobilenet_v2", 17)]
    [InlineData("mobilenet_v3_small", 11)]
    [InlineData("mobilenet_v3_large", 15)]
    [InlineData("mobilenet_v1_enhance", 13)]
    public void Cost_is_compared_for_every_depthwise_layer_through_squeeze_excite_too(string name, int depthwiseCount)
    {
        var layers = Summarise(name).Layers;

        Assert.Equal(depthwiseCount, layers.Count(layer => layer.Kind == "depthwise convolution"));
        foreach (var layer in layers)
        {
            Assert.Equal(layer.Kind == "depthwise convolution", layer.CostVsStandard is not null);
            Assert.Equal(layer.CostVsStandard?.Formula ?? 0, layer.CostVsStandard?.Measured ?? 0, precision: 12);
        }
    }

    [Fact]
    public void Cost_of_a_5x5_row_that_projects_to_40_channels()
    {
        var cost = Summarise("mobilenet_v3_small").Layers.Single(l => l.Name == "features.4.block.1.0").CostVsStandard;

        Assert.Equal(1.0 / 40 + 1.0 / 25, cost!.Measured, precision: 12);
    }

    [Theory]
    [InlineData(1, 1)] // no convolution follows
    [InlineData(3, 1)] // what follows has 3x3 taps
    [InlineData(1, 2)] // what follows leaves positions out
    public void Cost_is_not_compared_without_a_pointwise_convolution_of_stride_1(int kernel, int stride)
    {
        var square = Extent.Square(1);
        var graph = new GraphBuilder("lonely", new(9, 9, 4));
        var value = graph.Convolution("depthwise", graph.Input, 4, Window.Pointwise, new(Groups: 4));
        if (kernel * stride > 1)
        {
            var window = new Window(Extent.Square(kernel), Extent.Square(stride), square, default);
            value = graph.Convolution("next", value, 8, window, new());
        }

        Assert.Null(NetworkSummary.Of(graph.Build(value)).Layers[0].CostVsStandard);
    }

    [Fact]
    public void Layers_are_named_by_kind_with_their_cost()
    {
        var layers = Summarise("mobilenet_v1").Layers;

        AssertLayer(layers[0], "standard convolution", 32 * 3 * 9, 112L * 112 * 32 * 3 * 9);
        AssertLayer(layers[1], "batch norm", 64, 0);
        AssertLayer(layers[2], "Relu", 0, 0);
        AssertLayer(layers[3], "depthwise convolution", 32 * 9, 112L * 112 * 32 * 9);
        AssertLayer(layers[6], "pointwise convolution", 64 * 32, 112L * 112 * 64 * 32);
        AssertLayer(layers[^2], "global average pool", 0, 0);
        AssertLayer(layers[^1], "linear", 1024 * 1000 + 1000, 1024 * 1000);
        Assert.Equal([112, 112, 32], layers[0].Output.ToArray());
    }

    private static void AssertLayer(LayerSummary layer, string kind, long parameters, long macs) =>
        Assert.Equal((kind, parameters, macs), (layer.Kind, layer.Parameters, layer.Macs));

    [Fact]
    public void Every_kind_of_layer_has_words()
    {
        var graph = new GraphBuilder("kinds", new(8, 8, 4));
        var halves = new Window(Extent.Square(2), Extent.Square(2), Extent.Square(1), default);
        var value = graph.Convolution("grouped", graph.Input, 8, Window.Pointwise, new(Groups: 2));
        value = graph.Add("add", value, value);
        value = graph.Scale("scale", value, graph.GlobalAveragePool("mean", value));
        value = graph.Pool("max", value, PoolKind.Max, halves);
        value = graph.Pool("average", value, PoolKind.Average, halves);
        value = graph.Activation("gate", value, Activation.HardSigmoid(0.2f));
        var summary = NetworkSummary.Of(graph.Build(graph.Softmax("softmax", value)));

        Assert.Equal(
            [
                "grouped convolution",
                "add",
                "global average pool",
                "scale",
                "max pool",
                "average pool",
                "HardSigmoid(0.2)",
                "softmax",
            ],
            summary.Layers.Select(layer => layer.Kind)
        );
    }

    [Fact]
    public void Serialises_to_the_documented_json()
    {
        var json = JsonSerializer.SerializeToElement(Summarise("mobilenet_v3_small_x0_35"), JsonSerializerOptions.Web);

        Assert.Equal(
            ["model", "parameters", "macs", "input", "output", "layers"],
            json.EnumerateObject().Select(property => property.Name)
        );
        Assert.Equal("[48,192,3]", json.GetProperty("input").GetRawText());
        Assert.Equal("[1,1,2]", json.GetProperty("output").GetRawText());
        var layer = json.GetProperty("layers")[0];
        Assert.Equal(
            ["name", "kind", "output", "parameters", "macs", "costVsStandard"],
            layer.EnumerateObject().Select(property => property.Name)
        );
        Assert.Equal("[24,96,8]", layer.GetProperty("output").GetRawText());
    }
}
