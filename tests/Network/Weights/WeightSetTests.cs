using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Weights;

public class WeightSetTests
{
    [Fact]
    public void Every_missing_unused_and_misshaped_tensor_is_named()
    {
        var graph = Graph();
        var weights = WeightFormula.Create(graph, seed: 1);
        var tensors = weights
            .Tensors.Remove("fc.weight")
            .SetItem("fc.bias", new Tensor([3], new float[3]))
            .Add("extra", new Tensor([1], new float[1]))
            .Add("bn.num_batches_tracked", new Tensor([1], new float[1]));
        var fault = Assert.Throws<ModelFormatException>(() => (weights with { Tensors = tensors }).Check(graph));
        Assert.Contains("3 tensors", fault.Message, StringComparison.Ordinal);
        Assert.Contains("missing 'fc.weight' [2, 4]", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'fc.bias' is [3], expected [2]", fault.Message, StringComparison.Ordinal);
        Assert.Contains("unused 'extra'", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("num_batches_tracked", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_tensor_cannot_be_taken()
    {
        var weights = WeightFormula.Create(Graph(), seed: 1);
        var fault = Assert.Throws<ModelFormatException>(() => weights[new Parameter("nothing", [1])]);
        Assert.Contains("missing 'nothing' [1]", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_has_as_many_elements_as_its_axes_say() =>
        Assert.Throws<ArgumentException>(() => new Tensor([2, 3], new float[5]));

    private static NetworkGraph Graph()
    {
        var builder = new GraphBuilder("test", new(1, 1, 4));
        return builder.Build(builder.Linear("fc", builder.Input, 2));
    }
}
