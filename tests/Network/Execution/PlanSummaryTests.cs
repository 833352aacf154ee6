using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>What is told of a plan without a device, against figures counted by hand.</summary>
public sealed class PlanSummaryTests
{
    // V1: stem, 13 x (depthwise, pointwise), pool, linear.
    // V3-Large: stem, 1 x 2 + 14 x 3, 8 gates of two launches, head, pool, 2 linear.
    // Bytes: from the papers' tables, every step's input, output, gate, residual and folded weights once.
    [Theory]
    [InlineData("mobilenet_v1", 1 + 26 + 2, 57_839_936)]
    [InlineData("mobilenet_v3_large", 1 + 2 + 42 + 16 + 4, 59_431_712)]
    public void Counts_launches_and_bytes_of_the_papers_networks(string network, int launches, long bytes)
    {
        var plan = PlanSummary.Of(Model(ArchitectureCatalog.Get(network).Build(new())), 1);
        Assert.Equal((launches, bytes), (plan.Launches, plan.Bytes));
        Assert.Equal((network, 1), (plan.Model, plan.Batch));
    }

    [Fact]
    public void Counts_every_step_of_a_block()
    {
        var plan = PlanSummary.Of(Model(Block()), 2);
        Assert.Equal(
            [
                ("input", "PadChannels", 1, 4 * 2 * (280 + 280)),
                // 72 weights and 8 biases
                ("depthwise", "DepthwiseConv + sums", 1, 4 * (2 * (280 + 280) + 80)),
                // reads the sums; 8 to 4 to 8 channels: 2 x 32 weights, 4 + 8 biases
                ("pool", "SqueezeExcite", 2, 4 * (2 * 8 + 76)),
                // the features, their gate, the residual and the output; 64 weights and 8 biases
                ("project", "PointwiseConv + gate + residual", 1, 4 * (2 * (280 + 8 + 280 + 280) + 72)),
            ],
            plan.Steps.Select(step => (step.Name, step.Operation, step.Launches, step.Bytes))
        );
        Assert.Equal(["5x7x8", "5x7x8", "1x1x8", "5x7x8"], plan.Steps.Select(step => string.Join('x', step.Output)));
        Assert.Equal(5, plan.Launches);
        Assert.Equal(plan.Steps.Sum(step => step.Bytes), plan.Bytes);
    }

    [Theory]
    [InlineData("mobilenet_v2")]
    [InlineData("mobilenet_v3_small")]
    public void Weights_are_counted_once_whatever_the_batch(string network)
    {
        var model = Model(ArchitectureCatalog.Get(network).Build(new()));
        var (one, two, three) = (PlanSummary.Of(model, 1), PlanSummary.Of(model, 2), PlanSummary.Of(model, 3));
        Assert.Equal(two.Bytes - one.Bytes, three.Bytes - two.Bytes);
        Assert.InRange(2 * one.Bytes - two.Bytes, 4 * 2_000_000, 4 * 4_000_000); // the folded weights
        Assert.Equal(one.Memory.Weights, three.Memory.Weights);
        Assert.Equal(one.Launches, three.Launches);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Refuses_a_batch_below_one(int batch) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PlanSummary.Of(Model(Block()), batch));

    /// <summary>Depthwise convolution, squeeze-excite, gated projection, plus the input.</summary>
    private static NetworkGraph Block()
    {
        var graph = new GraphBuilder("block", new(5, 7, 8));
        var window = new Window(new(3, 3), new(1, 1), new(1, 1), new(1, 1, 1, 1));
        var x = graph.Convolution("depthwise", graph.Input, 8, window, new(8));
        var gate = graph.GlobalAveragePool("pool", x);
        gate = graph.Convolution("reduce", gate, 4, Window.Pointwise, new());
        gate = graph.Convolution("expand", gate, 8, Window.Pointwise, new());
        x = graph.Convolution("project", graph.Scale("scale", x, gate), 8, Window.Pointwise, new());
        return graph.Build(graph.Add("sum", x, graph.Input));
    }

    private static Model Model(NetworkGraph graph) => new(graph, WeightFormula.Create(graph, 1));
}
