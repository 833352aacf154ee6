using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Tests.Architectures;

/// <summary>Parameters and multiply-adds, as counted by hooks on independent PyTorch implementations.</summary>
public sealed class NetworkTotalsTests
{
    private static NetworkGraph Build(string name, bool reducedTail = false) =>
        ArchitectureCatalog.Get(name).Build(new() { ReducedTail = reducedTail });

    [Theory]
    [InlineData("mobilenet_v1", false, 4_231_976, 568_740_352)]
    [InlineData("mobilenet_v1_keras", false, 4_242_920, 568_740_352)]
    [InlineData("mobilenet_v2", false, 3_504_872, 300_774_272)]
    [InlineData("mobilenet_v2_relu", false, 30_570, 6_145_280)]
    [InlineData("mobilenet_v3_small", false, 2_542_856, 56_510_400)]
    [InlineData("mobilenet_v3_small", true, 1_099_672, 43_763_584)]
    [InlineData("mobilenet_v3_large", false, 5_483_032, 216_589_760)]
    [InlineData("mobilenet_v3_large", true, 2_569_352, 182_302_720)]
    [InlineData("mobilenet_v3_small_minimalistic", false, 2_044_736, 52_288_448)]
    [InlineData("mobilenet_v3_large_minimalistic", false, 3_924_288, 209_136_704)]
    [InlineData("mobilenet_v3_small_keras", false, 2_543_598, 59_716_064)]
    [InlineData("mobilenet_v3_small_x0_35", false, 129_356, 16_315_376)]
    [InlineData("mobilenet_v1_enhance", false, 1_016_160, 438_435_840)]
    public void Totals_are_the_published_ones(string name, bool reducedTail, long parameters, long macs)
    {
        var summary = NetworkSummary.Of(Build(name, reducedTail));

        Assert.Equal((parameters, macs), (summary.Parameters, summary.Macs));
    }

    [Theory]
    [InlineData("mobilenet_v1", 0.37, 97, 131, 454_964, 25_894_161)]
    [InlineData("mobilenet_v1_keras", 0.37, 97, 131, 458_998, 25_894_161)]
    [InlineData("mobilenet_v2_relu", 0.65, 33, 47, 15_171, 4_196_196)]
    [InlineData("mobilenet_v3_small_keras", 0.37, 97, 131, 1_272_803, 10_726_616)]
    [InlineData("mobilenet_v3_small_x0_35", 1.0, 48, 192, 925_717, 103_936_736)]
    public void Totals_hold_at_odd_widths_and_resolutions(
        string name,
        double width,
        int height,
        int columns,
        long parameters,
        long macs
    )
    {
        var options = new ArchitectureOptions
        {
            Width = width,
            Resolution = new(height, columns),
            Classes = 7,
        };
        var summary = NetworkSummary.Of(ArchitectureCatalog.Get(name).Build(options));

        Assert.Equal((parameters, macs), (summary.Parameters, summary.Macs));
    }

    /// <summary>
    /// Some counters add one per channel of every batch normalisation: 56,510,400 + 6,056 = 56,516,456 for V3-Small.
    /// </summary>
    [Fact]
    public void V3_small_has_56_516_456_when_each_batch_norm_channel_counts_one()
    {
        var graph = Build("mobilenet_v3_small");
        var batchNormChannels = graph.Layers.OfType<BatchNormLayer>().Sum(layer => (long)layer.Output.Channels);

        Assert.Equal(6_056, batchNormChannels);
        Assert.Equal(56_516_456, NetworkSummary.Of(graph).Macs + batchNormChannels);
    }

    [Fact]
    public void Every_network_of_the_catalog_builds_with_its_defaults()
    {
        Assert.Equal(11, ArchitectureCatalog.All.Count);
        Assert.All(
            ArchitectureCatalog.All,
            network =>
            {
                var graph = network.Build(new());
                Assert.Equal(network.Name, graph.Name);
                Assert.Equal(network.DefaultResolution, new Extent(graph.Input.Height, graph.Input.Width));
                Assert.Equal(3, graph.Input.Channels);
                Assert.Equal(network.DefaultClasses ?? graph.Output.Channels, graph.Output.Channels);
                Assert.NotEmpty(network.Description);
                Assert.NotEmpty(network.Source);
            }
        );
    }
}
