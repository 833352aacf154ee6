using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Weights;

public class WeightFormulaTests
{
    [Fact]
    public void Elements_equal_those_of_the_Python_generator()
    {
        // eng/goldens/formula.py: uniform("café", 2) with seed 7.
        var elements = new float[2];
        WeightFormula.Fill("café", 7, elements, scale: 1, offset: 0);
        Assert.Equal([0.6477022171020508f, 0.23611682653427124f], elements);
    }

    [Fact]
    public void Convolution_weights_equal_those_of_the_Python_generator()
    {
        // eng/goldens/formula.py: kernel("stem.weight", (8, 3, 3, 3)).
        var weights = Create(seed: 1).Tensors["stem.weight"].Data.Span[..4].ToArray();
        Assert.Equal([0.3608267605304718f, -0.35533788800239563f, -0.37904709577560425f, 0.6736740469932556f], weights);
    }

    [Fact]
    public void Every_parameter_gets_a_tensor_of_its_shape() => Create(seed: 3).Check(Graph());

    [Fact]
    public void The_same_seed_gives_the_same_weights() =>
        Assert.Equal(Create(5).Tensors["stem.weight"].Data.ToArray(), Create(5).Tensors["stem.weight"].Data.ToArray());

    [Fact]
    public void Another_seed_gives_other_weights() =>
        Assert.NotEqual(
            Create(5).Tensors["stem.weight"].Data.ToArray(),
            Create(6).Tensors["stem.weight"].Data.ToArray()
        );

    [Theory]
    [InlineData("stem.bn.weight", 0.5f, 1.5f)]
    [InlineData("stem.bn.bias", -0.2f, 0.2f)]
    [InlineData("stem.bn.running_mean", -0.2f, 0.2f)]
    [InlineData("stem.bn.running_var", 0.5f, 1.5f)]
    [InlineData("fc.bias", -0.1f, 0.1f)]
    [InlineData("fc.weight", -0.6123725f, 0.6123725f)] // sqrt(3 · 1 / 8)
    public void Each_kind_of_parameter_has_its_range(string name, float smallest, float largest)
    {
        var elements = Create(seed: 1).Tensors[name].Data.ToArray();
        Assert.All(elements, element => Assert.InRange(element, smallest, largest));
        Assert.True(elements.Max() - elements.Min() > (largest - smallest) / 3, "the range is not used");
    }

    [Fact]
    public void A_long_tensor_has_the_mean_and_variance_of_the_uniform_distribution()
    {
        var elements = new float[100_000];
        WeightFormula.Fill("long", 1, elements, scale: 2, offset: -1);
        Assert.Equal(0, elements.Average(), 0.01);
        Assert.Equal(1.0 / 3, elements.Average(element => (double)element * element), 0.01);
    }

    private static WeightSet Create(ulong seed) => WeightFormula.Create(Graph(), seed);

    private static NetworkGraph Graph()
    {
        var builder = new GraphBuilder("test", new(8, 8, 3));
        var window = new Window(Extent.Square(3), Extent.Square(2), Extent.Square(1), new(1, 1, 1, 1));
        var value = builder.Convolution("stem", builder.Input, 8, window, new());
        value = builder.GlobalAveragePool("pool", builder.BatchNorm("stem.bn", value, 1e-5));
        return builder.Build(builder.Linear("fc", value, 16));
    }
}
