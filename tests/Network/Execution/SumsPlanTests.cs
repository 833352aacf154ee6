using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>Which squeeze-excite steps find the sums of their input already made.</summary>
public sealed class SumsPlanTests
{
    private const int Batch = 3;

    private static readonly FeatureShape s_input = new(9, 11, 12);
    private static readonly Window s_window = new(new(3, 3), new(1, 1), new(1, 1), new(1, 1, 1, 1));

    [Fact]
    public void A_depthwise_convolution_sums_for_the_squeeze_excite_step_behind_it()
    {
        var steps = Steps((graph, x) => Gated(graph, "se", Depthwise(graph, x)));
        var sums = Of(steps);
        var bands = new DepthwiseBands(s_input).Count;
        Assert.IsType<SqueezeExciteStep>(steps[2]); // behind the padded input and the depthwise convolution
        Assert.Equal([1], SummedSteps(steps, sums));
        Assert.Equal([0, 0, bands], BandCounts(steps, sums)[..3]);
        var memory = Assert.Single(sums.Temporaries(Batch));
        Assert.Equal((1, 2), (memory.FirstStep, memory.LastStep));
        Assert.Equal(Batch * bands * s_input.Channels, memory.Length);
        Assert.Equal((memory, memory), (sums.At(1, Batch), sums.At(2, Batch)));
        Assert.Null(sums.At(0, Batch));
    }

    [Theory]
    [InlineData("input")]
    [InlineData("pointwise")]
    [InlineData("standard")]
    [InlineData("pool")]
    [InlineData("elementwise")]
    public void Nobody_sums_where_something_else_makes_the_input(string maker)
    {
        var steps = Steps((graph, x) => Gated(graph, "se", Make(graph, maker, x)));
        var sums = Of(steps);
        Assert.Single(steps.OfType<SqueezeExciteStep>());
        Assert.Empty(SummedSteps(steps, sums));
        Assert.All(BandCounts(steps, sums), count => Assert.Equal(0, count));
        Assert.Empty(sums.Temporaries(Batch));
    }

    [Fact]
    public void A_depthwise_convolution_that_nobody_squeezes_does_not_sum()
    {
        var steps = Steps((graph, x) => graph.GlobalAveragePool("pool", Depthwise(graph, x)));
        Assert.Empty(SummedSteps(steps, Of(steps)));
    }

    [Fact]
    public void Of_two_squeeze_excite_steps_with_one_input_the_second_sums_by_itself()
    {
        var steps = Steps(
            (graph, x) =>
            {
                var features = Depthwise(graph, x);
                return graph.Add("sum", Gated(graph, "left", features), Gated(graph, "right", features));
            }
        );
        var sums = Of(steps);
        Assert.Single(SummedSteps(steps, sums));
        var bands = BandCounts(steps, sums).Where((_, i) => steps[i] is SqueezeExciteStep);
        Assert.Equal([new DepthwiseBands(s_input).Count, 0], bands);
    }

    [Theory]
    [InlineData("mobilenet_v1", 0)]
    [InlineData("mobilenet_v2", 0)]
    [InlineData("mobilenet_v3_large", 8)]
    [InlineData("mobilenet_v3_small", 9)]
    public void Every_squeeze_excite_step_of_the_papers_networks_is_summed_for(string network, int count)
    {
        var graph = ArchitectureCatalog.Get(network).Build(new());
        var steps = Fusion.Run(new(graph, WeightFormula.Create(graph, 1)));
        var sums = Of(steps);
        Assert.Equal(count, steps.OfType<SqueezeExciteStep>().Count());
        Assert.Equal(count, SummedSteps(steps, sums).Count);
        Assert.Equal(count, BandCounts(steps, sums).Count(bands => bands > 0));
        Assert.Equal(count, sums.Temporaries(1).Select(memory => memory.Id).Distinct().Count());
    }

    private static Value Make(GraphBuilder graph, string maker, Value x) =>
        maker switch
        {
            "input" => x,
            "pointwise" => graph.Convolution("made", x, 12, Window.Pointwise, new()),
            "standard" => graph.Convolution("made", x, 12, s_window, new()),
            "pool" => graph.Pool("made", x, PoolKind.Max, s_window),
            _ => Doubled(graph, Depthwise(graph, x)),
        };

    private static Value Depthwise(GraphBuilder graph, Value x) =>
        graph.Convolution("depthwise", x, x.Shape.Channels, s_window, new(x.Shape.Channels));

    // Both summands are the convolution's output, so that the sum stays a step of its own.
    private static Value Doubled(GraphBuilder graph, Value x) => graph.Add("doubled", x, x);

    /// <summary>The features times their squeeze-excite gate, projected.</summary>
    private static Value Gated(GraphBuilder graph, string name, Value features)
    {
        var gate = graph.GlobalAveragePool($"{name}.pool", features);
        gate = graph.Convolution($"{name}.reduce", gate, 4, Window.Pointwise, new(HasBias: true));
        gate = graph.Activation($"{name}.relu", gate, Activation.Relu);
        gate = graph.Convolution($"{name}.expand", gate, features.Shape.Channels, Window.Pointwise, new(HasBias: true));
        var gated = graph.Scale($"{name}.scale", features, gate);
        return graph.Convolution($"{name}.project", gated, 8, Window.Pointwise, new());
    }

    private static IReadOnlyList<PlanStep> Steps(Func<GraphBuilder, Value, Value> layers)
    {
        var builder = new GraphBuilder("test", s_input);
        var graph = builder.Build(layers(builder, builder.Input));
        return PadInputStep.Prepend(Fusion.Run(new(graph, WeightFormula.Create(graph, 1))), graph);
    }

    private static List<int> SummedSteps(IReadOnlyList<PlanStep> steps, SumsPlan sums) =>
        [.. Enumerable.Range(0, steps.Count).Where(sums.IsSummed)];

    private static int[] BandCounts(IReadOnlyList<PlanStep> steps, SumsPlan sums) =>
        [.. Enumerable.Range(0, steps.Count).Select(sums.BandCount)];

    /// <summary>With the bands and the layout of the GPU kernels.</summary>
    private static SumsPlan Of(IReadOnlyList<PlanStep> steps) =>
        SumsPlan.Of(steps, shape => new DepthwiseBands(shape).Count, channels => 4 * Float4.CountFor(channels));
}
