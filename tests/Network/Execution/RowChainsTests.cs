using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Execution;

public sealed class RowChainsTests
{
    private const SimdWidth Width = SimdWidth.Vector256;
    private static readonly RowChainLimits s_everything = new(1, long.MaxValue, long.MaxValue, int.MaxValue);

    [Fact]
    public void Ties_a_network_where_no_residual_reads_what_lies_between()
    {
        var chains = Tie("mobilenet_v2", s_everything);
        Assert.Equal("features.0.0 to features.2.conv.2", chains[0].Name);
        Assert.Equal(6, chains[0].Stages.Length);
        Assert.Equal("features.3.conv.0.0 to features.4.conv.2", chains[1].Name); // the residual of 3 is its input
        Assert.Equal(2, chains[1].ResidualStage);
    }

    [Fact]
    public void Swallows_no_output()
    {
        var graph = ArchitectureCatalog.Get("mobilenet_v2").Build(new());
        var kept = graph.Layers.ToList().FindIndex(layer => layer.Name == "features.2.conv.1.2") + 1; // amid a chain
        var steps = Tie(graph.WithOutputs(graph.OutputId, kept), s_everything);
        Assert.Equal("features.0.0 to features.2.conv.1.0", steps[0].Name);
        Assert.Equal(kept, steps[0].Output.Id);
    }

    [Fact]
    public void Ends_before_a_gate_that_reads_all_rows()
    {
        var chains = Tie("mobilenet_v3_large", s_everything);
        Assert.All(chains, chain => Assert.All(chain.Stages.Skip(1), stage => Assert.Null(stage.Gate)));
        Assert.Contains(chains, chain => chain.Stages[0].Gate is not null && chain.Gate == chain.Stages[0].Gate);
        Assert.Contains(chains, chain => chain.Stages[^1].Kind == ConvolutionKind.Depthwise);
    }

    [Fact]
    public void Ties_only_over_maps_of_some_size()
    {
        var chains = Tie("mobilenet_v1", s_everything with { LeastMap = 56 * 56 * 128 });
        Assert.Equal(["model.0.0 to model.2.0", "model.2.3 to model.4.0"], chains.Select(chain => chain.Name));
    }

    [Fact]
    public void Ties_no_more_than_stays_in_the_cache()
    {
        var limits = s_everything with { MostCached = 60_000 };
        Assert.All(Tie("mobilenet_v1", limits), chain => Assert.InRange(chain.WeightCount, 1, limits.MostCached));
        Assert.Empty(Tie("mobilenet_v1", s_everything with { MostCached = 1 }));
    }

    [Fact]
    public void Leaves_steps_of_many_weights_alone()
    {
        var limits = s_everything with { MostWeights = 40_000 };
        var stages = Tie("mobilenet_v1", limits).SelectMany(chain => chain.Stages).ToList();
        Assert.All(stages, stage => Assert.InRange(stage.WeightCount, 1, limits.MostWeights));
        Assert.Contains(stages, stage => stage.WeightCount > 30_000);
    }

    [Fact]
    public void Ties_no_more_steps_than_the_limit()
    {
        var chains = Tie("mobilenet_v1", s_everything with { MostStages = 3 });
        Assert.All(chains, chain => Assert.InRange(chain.Stages.Length, 2, 3));
    }

    [Fact]
    public void Wants_larger_maps_of_fewer_images()
    {
        Assert.Equal(2 * RowChainLimits.For(1, 1).LeastMap, RowChainLimits.For(1, 2).LeastMap);
        Assert.Equal(RowChainLimits.For(1, 1).LeastMap, 8 * RowChainLimits.For(8, 1).LeastMap);
    }

    [Fact]
    public void Gives_the_same_bits_as_steps_that_are_not_tied()
    {
        var graph = ArchitectureCatalog.Get("mobilenet_v3_small").Build(new() { Resolution = new(67, 45) });
        var model = new Model(graph, WeightFormula.Create(graph, 1));
        var input = new float[3 * graph.Input.ElementCount];
        WeightFormula.Fill("input", 1, input, 2, -1);
        var apart = s_everything with { MostStages = 1 };
        foreach (var width in Enum.GetValues<SimdWidth>())
        {
            using var tied = new CpuSession(model, new(3, 2), width, s_everything);
            using var separate = new CpuSession(model, new(3, 2), width, apart);
            Assert.Equal(GoldenNetworks.Run(separate, input, 3), GoldenNetworks.Run(tied, input, 3));
        }
    }

    [Theory]
    [InlineData("mobilenet_v3_large", 8)]
    [InlineData("mobilenet_v3_small", 9)]
    public void Leaves_the_sums_of_a_depthwise_convolution_that_a_chain_ends_with(string name, int gates)
    {
        var graph = ArchitectureCatalog.Get(name).Build(new());
        var tied = Tie(graph, s_everything);
        var sums = SumsPlan.Of(tied, shape => shape.Height, channels => channels);
        Assert.Equal(gates, Enumerable.Range(0, tied.Count).Count(sums.IsSummed));
        Assert.Contains(Enumerable.Range(0, tied.Count), i => sums.IsSummed(i) && tied[i] is RowChainStep);
    }

    private static List<RowChainStep> Tie(string name, RowChainLimits limits) =>
        [.. Tie(ArchitectureCatalog.Get(name).Build(new()), limits).OfType<RowChainStep>()];

    private static IReadOnlyList<PlanStep> Tie(NetworkGraph graph, RowChainLimits limits)
    {
        var steps = Fusion.Run(new(graph, WeightFormula.Create(graph, 1)));
        return RowChains.Tie(steps, graph.OutputIds, Width, limits);
    }
}
