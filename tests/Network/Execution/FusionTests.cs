using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Execution;

public sealed class FusionTests
{
    [Theory]
    [InlineData("mobilenet_v1", 29)] // stem, 13 x (depthwise, pointwise), pool, linear
    [InlineData("mobilenet_v2", 54)] // stem, 1 x 2 + 16 x 3, head, pool, linear
    [InlineData("mobilenet_v3_small", 46)] // stem, 1 x 2 + 10 x 3, 9 gates, head, pool, 2 linear
    [InlineData("mobilenet_v3_small_minimalistic", 37)] // stem, 1 x 2 + 10 x 3, head, pool, 2 linear
    [InlineData("mobilenet_v3_large_minimalistic", 49)] // stem, 1 x 2 + 14 x 3, head, pool, 2 linear
    public void Leaves_one_step_for_each_fused_operation(string name, int stepCount)
    {
        var steps = Fuse(ArchitectureCatalog.Get(name).Build(new()));
        Assert.Equal(stepCount, steps.Count);
        Assert.DoesNotContain(steps, step => step is ElementwiseStep);
    }

    [Fact]
    public void Takes_residuals_and_gates_into_the_projection()
    {
        var steps = Fuse(ArchitectureCatalog.Get("mobilenet_v3_large").Build(new()));
        Assert.Equal(10, steps.Count(step => step.Residual is not null));
        Assert.Equal(8, steps.Count(step => step is SqueezeExciteStep));
        Assert.Equal(8, steps.Count(step => step is ConvolutionStep { Gate: not null }));
    }

    [Fact]
    public void Folds_the_normalisation_in_double_precision()
    {
        var graph = Graph(
            new(1, 1, 1),
            (g, x) => g.BatchNorm("bn", g.Convolution("conv", x, 1, Window.Pointwise, new(HasBias: true)), 1e-3)
        );
        var weights = Weights(
            ("conv.weight", [1, 1, 1, 1], 3),
            ("conv.bias", [1], 2),
            ("bn.weight", [1], 5),
            ("bn.bias", [1], 7),
            ("bn.running_mean", [1], 11),
            ("bn.running_var", [1], 0.5f)
        );
        var layer = Assert.IsType<ConvolutionStep>(Assert.Single(Fusion.Run(new(graph, weights)))).Layer;
        var factor = 5 / Math.Sqrt(0.5 + 1e-3);
        Assert.Equal((2 - 11) * factor + 7, layer.Bias[0], 12);
        Assert.Equal((float)(3 * factor), layer.ToSingle().Weights.Span[0]);
    }

    [Fact]
    public void Rounds_once_however_many_normalisations_follow()
    {
        var graph = Graph(
            new(1, 1, 1),
            (g, x) => g.BatchNorm("b", g.BatchNorm("a", g.Linear("fc", x, 1, hasBias: false), 1e-3), 1e-5)
        );
        var weights = Weights([("fc.weight", [1, 1], 0.1f), .. Norm("a", variance: 8), .. Norm("b", variance: 7)]);
        var layer = Assert.IsType<ConvolutionStep>(Assert.Single(Fusion.Run(new(graph, weights)))).Layer;
        var (first, second) = (1 / Math.Sqrt(8 + 1e-3), 1 / Math.Sqrt(7 + 1e-5));
        Assert.Equal((float)(0.1f * first * second), layer.ToSingle().Weights.Span[0]);
    }

    [Fact]
    public void Keeps_what_others_read_too()
    {
        var graph = Graph(
            new(3, 3, 4),
            (g, x) =>
            {
                var y = g.Convolution("conv", x, 4, Window.Pointwise, new());
                return g.Add("add", y, g.Activation("relu", y, Activation.Relu));
            }
        );
        var steps = Fuse(graph);
        Assert.Collection(
            steps,
            step => Assert.Equal(ActivationKind.Identity, Assert.IsType<ConvolutionStep>(step).Layer.Activation.Kind),
            step => Assert.IsType<ElementwiseStep>(step),
            step => Assert.NotNull(Assert.IsType<ElementwiseStep>(step).Residual)
        );
    }

    [Fact]
    public void Adds_the_summand_that_comes_first_to_the_convolution_that_comes_last()
    {
        var graph = Graph(
            new(4, 4, 3),
            (g, x) =>
            {
                var left = g.Convolution("left", x, 5, Window.Pointwise, new());
                return g.Add("add", left, g.Convolution("right", x, 5, Window.Pointwise, new()));
            }
        );
        var steps = Fuse(graph);
        Assert.Equal([null, 1], steps.Select(step => step.Residual));
    }

    /// <summary>What no network of the family has, but an imported graph may have.</summary>
    private static readonly Dictionary<string, Func<GraphBuilder, Value, Value>> s_oddGraphs = new()
    {
        ["activation only"] = (g, x) => g.Activation("act", x, Activation.Silu),
        ["normalisation only"] = (g, x) => g.BatchNorm("bn", x, 1e-5),
        ["input added to itself"] = (g, x) => g.Add("add", x, x),
        ["gate on a depthwise"] = (g, x) =>
            g.Convolution("dw", g.Scale("scale", x, g.GlobalAveragePool("mean", x)), 6, Window.Pointwise, new(6)),
        ["gate read twice"] = (g, x) =>
        {
            var scaled = g.Scale("scale", x, g.GlobalAveragePool("mean", x));
            return g.Add("add", g.Convolution("pw", scaled, 6, Window.Pointwise, new()), scaled);
        },
        ["residual of the input behind a stem"] = (g, x) =>
            g.Add("add", g.Convolution("conv", x, 6, s_three, new()), x),
        ["groups"] = (g, x) => g.Convolution("conv", x, 9, s_three, new(3)),
        ["softmax over pixels"] = (g, x) => g.Softmax("softmax", x),
        ["pool then normalise"] = (g, x) => g.BatchNorm("bn", g.Pool("pool", x, PoolKind.Average, s_three), 1e-3),
        ["linear then normalise"] = (g, x) =>
            g.Activation(
                "act",
                g.BatchNorm("bn", g.Linear("fc", g.GlobalAveragePool("m", x), 7), 1e-3),
                Activation.Relu
            ),
    };

    private static readonly Window s_three = new(
        Extent.Square(3),
        Extent.Square(1),
        Extent.Square(1),
        Padding.Symmetric(Extent.Square(3), Extent.Square(1))
    );

    public static TheoryData<string> OddGraphs { get; } = [.. s_oddGraphs.Keys];

    [Theory]
    [MemberData(nameof(OddGraphs))]
    public void Fused_gives_what_the_layers_one_by_one_give(string name)
    {
        var graph = Graph(new(5, 4, 6), s_oddGraphs[name]);
        var model = new Model(graph, WeightFormula.Create(graph, 1));
        var input = new float[2 * graph.Input.ElementCount];
        WeightFormula.Fill("input", 1, input, 4, -2);
        var output = new float[2 * graph.Output.ElementCount];
        using var session = new CpuSession(model, new(2, 1));
        session.Run(input, output, 2);
        var expected = new UnfusedNetwork(model).Run(input, 2);
        Assert.InRange(Reference.Operations.Closeness.RelativeError(expected, output), 0, 1e-5);
    }

    [Fact]
    public void Leaves_out_what_the_output_does_not_need()
    {
        var graph = Graph(
            new(4, 4, 3),
            (g, x) =>
            {
                var unused = g.Convolution("unused", x, 64, s_three, new());
                var output = g.Convolution("output", x, 5, s_three, new());
                g.Add("after", g.Convolution("from output", output, 64, s_three, new()), unused);
                return output;
            }
        );
        Assert.Equal("output", Assert.Single(Fuse(graph)).Name);
    }

    public static TheoryData<string> Networks { get; } = [.. ArchitectureCatalog.All.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Stays_the_same_when_every_step_is_an_output(string name)
    {
        var graph = ArchitectureCatalog.Get(name).Build(new());
        AssertSameSteps(new(graph, WeightFormula.Create(graph, 1)));
    }

    [Fact]
    public void Stays_the_same_in_graphs_of_any_form()
    {
        foreach (var graph in Enumerable.Range(0, 200).Select(RandomGraph.Create))
        {
            AssertSameSteps(new(graph, WeightFormula.Create(graph, 1)));
        }
    }

    private static void AssertSameSteps(Model model)
    {
        var every = Fusion.WithEveryStep(model);
        var (expected, actual) = (Fusion.Run(model), Fusion.Run(every));
        Assert.Equal(expected.Select(Describe), actual.Select(Describe));
        Assert.Equal(expected.Select(step => step.Output.Id).Distinct(), every.Graph.OutputIds);
    }

    private static string Describe(PlanStep step) =>
        $"{step.GetType().Name} {step.Name} of {string.Join(", ", step.Reads)} gives {step.Output}";

    private static NetworkGraph Graph(FeatureShape input, Func<GraphBuilder, Value, Value> build)
    {
        var graph = new GraphBuilder("test", input);
        return graph.Build(build(graph, graph.Input));
    }

    private static IReadOnlyList<PlanStep> Fuse(NetworkGraph graph) =>
        Fusion.Run(new(graph, WeightFormula.Create(graph, 1)));

    private static WeightSet Weights(params (string Name, int[] Shape, float Value)[] tensors) =>
        new("test", tensors.ToImmutableDictionary(t => t.Name, t => new Tensor([.. t.Shape], new[] { t.Value })));

    private static (string Name, int[] Shape, float Value)[] Norm(string name, float variance) =>
        [
            ($"{name}.weight", [1], 1),
            ($"{name}.bias", [1], 0),
            ($"{name}.running_mean", [1], 0),
            ($"{name}.running_var", [1], variance),
        ];
}
