using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Tests.Graph;

public sealed class NetworkGraphTests
{
    private static readonly NetworkGraph s_graph = Graph();

    [Fact]
    public void Has_one_output_unless_given_others()
    {
        Assert.Equal(2, Assert.Single(s_graph.OutputIds));
        var several = s_graph.WithOutputs(1, 3);
        Assert.Equal<int>([1, 3], several.OutputIds);
        Assert.Equal((1, new FeatureShape(4, 4, 5)), (several.OutputId, several.Output));
        Assert.Equal(s_graph.Layers, several.Layers);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(2)] // twice
    public void Refuses_an_output_that_no_layer_produces_or_that_is_there_already(int id)
    {
        var fault = Assert.Throws<ArgumentException>(() => s_graph.WithOutputs(2, id));
        Assert.StartsWith(
            $"'three' cannot have the output {id}: outputs are values 1 to 3, each once.",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Refuses_to_have_no_output() => Assert.Throws<ArgumentException>(() => s_graph.WithOutputs());

    private static NetworkGraph Graph()
    {
        var graph = new GraphBuilder("three", new(4, 4, 3));
        var first = graph.Convolution("first", graph.Input, 5, Window.Pointwise, new());
        var second = graph.Activation("second", first, Activation.Relu);
        graph.Activation("third", second, Activation.Relu);
        return graph.Build(second);
    }
}
