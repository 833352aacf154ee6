using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Host.Tests.Models;

/// <summary>ONNX files as weights whose operators use, or do not use, the tensors as their names say.</summary>
public sealed class OperatorWeightsTests : IDisposable
{
    private const string V1 = "mobilenet_v1_keras";
    private const string V2 = "mobilenet_v2";
    private const string Small = "mobilenet_v3_small";
    private const StringComparison Sense = StringComparison.Ordinal;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(
        V2,
        "convolutions",
        "whose convolution 'features.8.conv.0.0' takes 'features.8.conv.0.0.weight' as its weights, but in the file "
            + "convolution 'features.8.conv.0.0' takes 'features.9.conv.0.0.weight' as its weights (the first of 2). "
    )]
    [InlineData(
        V2,
        "normalisations",
        "whose layer 'features.8.conv.0.1' takes 'features.8.conv.0.1.weight' as its scale, but in the file layer "
            + "'features.8.conv.0.1' takes 'features.9.conv.0.1.weight' as its scale (the first of 8). "
    )]
    [InlineData(
        V2,
        "mean and variance",
        "takes 'features.0.1.running_mean' as its mean, but in the file layer 'features.0.1' takes "
            + "'features.0.1.running_var' as its mean (the first of 2). "
    )]
    [InlineData(
        Small,
        "bias",
        "takes 'classifier.3.bias' as its bias, but in the file layer 'classifier.3' has no bias. "
    )]
    [InlineData(
        V2,
        "added bias",
        "whose convolution 'features.0.0' has no bias, but in the file convolution 'features.0.0' takes "
            + "'features.0.1.bias' as its bias. "
    )]
    [InlineData(V1, "biases", "' as its bias (the first of 2). ")]
    public void Tensors_at_another_node_than_their_names_say_are_refused(
        string architecture,
        string change,
        string fault
    )
    {
        var graph = Build(architecture);
        var file = Write(Changed(graph, change), new());

        var refusal = Refusal(architecture, file);

        Assert.Contains(fault, refusal, Sense);
        Assert.EndsWith($"without naming an architecture: --model {file} (in the library Model).", refusal, Sense);
    }

    [Theory]
    [InlineData("alpha", "classifier.3.weight.times_0.5' as its weights (the first of 2). ")]
    [InlineData("beta", "classifier.3.bias.times_0.5' as its bias (the first of 2). ")]
    public void Factors_of_a_linear_layer_are_refused(string factor, string fault)
    {
        var file = Write(Build(Small), new() { Gemm = [("transB", 1L), (factor, 0.5f)] });

        Assert.Contains(fault.Replace("classifier.3", "classifier.0", Sense), Refusal(Small, file), Sense);
    }

    [Fact]
    public void A_square_weight_that_is_transposed_is_refused()
    {
        var head = Build(Small).Layers.OfType<LinearLayer>().Last();
        var graph = Build(Small, classes: head.Weight.Shape[1]);
        var squared = graph.WithLayers(layer =>
            layer is LinearLayer linear && linear.Name != head.Name ? AsConvolution(linear) : layer
        );

        Load(Small, Write(squared, new()));
        var refusal = Refusal(Small, Write(squared, new() { Gemm = [] }));

        Assert.Contains("in the file layer 'classifier.3' takes 'classifier.3.weight.transposed' as", refusal, Sense);
    }

    [Theory]
    [InlineData("torchvision", false)]
    [InlineData("timm", false)]
    [InlineData("paddleclas", true)]
    public void Weights_in_the_layout_of_their_form_are_accepted(string form, bool isTransposed)
    {
        var file = Write(Build(Small, form).WithNamesOf(Small, form), new() { TransposedWeights = isTransposed });

        Assert.Equal(form, Load(Small, file).Description!.Ecosystem);
    }

    [Fact]
    public void Tensors_with_the_same_elements_may_be_exchanged()
    {
        var graph = Changed(Build(V2), "normalisations");
        var (model, content) = (new Model(graph, WeightFormula.Create(graph, 1)), new Dictionary<string, Tensor>());
        foreach (var (name, tensor) in model.Weights.Tensors)
        {
            var isNormalisation = name.Contains(".conv.0.1.", Sense);
            content[name] = isNormalisation
                ? new(tensor.Shape, Enumerable.Repeat(1f, tensor.Data.Length).ToArray())
                : tensor;
        }
        var path = _folder.PathOf("same.onnx");
        File.WriteAllBytes(path, OnnxWriter.Write(model with { Weights = new("same", [.. content]) }, new()));

        Load(V2, path);
    }

    private static string Refusal(string architecture, string file) =>
        Assert.Throws<ModelFormatException>(() => Load(architecture, file)).Message;

    private static LoadedModel Load(string architecture, string file) =>
        ModelSource.Load(new() { Model = architecture, Weights = file });

    private static NetworkGraph Build(string architecture, string? form = null, int? classes = null) =>
        ArchitectureCatalog
            .Get(architecture)
            .Build(
                new()
                {
                    Width = 0.25,
                    Resolution = Extent.Square(64),
                    Form = form,
                    Classes = classes,
                }
            );

    private static NetworkGraph Changed(NetworkGraph graph, string change) =>
        change switch
        {
            "convolutions" => Exchanged(graph, "features.8.conv.0.0.weight", "features.9.conv.0.0.weight"),
            "mean and variance" => Exchanged(graph, "features.0.1.running_mean", "features.0.1.running_var"),
            "biases" => Exchanged(graph, [.. BiasesOfOneShape(graph)]),
            "normalisations" => new[] { "weight", "bias", "running_mean", "running_var" }.Aggregate(
                graph,
                (changed, part) => Exchanged(changed, $"features.8.conv.0.1.{part}", $"features.9.conv.0.1.{part}")
            ),
            "bias" => WithoutBias(graph),
            "added bias" => graph.WithLayers(layer =>
                layer is ConvolutionLayer { Name: "features.0.0" } convolution
                    ? convolution with
                    {
                        Bias = new("features.0.1.bias", [convolution.Output.Channels]),
                    }
                    : layer
            ),
            _ => throw new ArgumentException(change),
        };

    private static IEnumerable<string> BiasesOfOneShape(NetworkGraph graph) =>
        graph
            .Layers.OfType<ConvolutionLayer>()
            .Select(layer => layer.Bias!)
            .GroupBy(bias => bias.Shape[0])
            .First(group => group.Count() > 1)
            .Take(2)
            .Select(bias => bias.Name);

    // The tensor stays in the file, at a node that nothing reads.
    private static NetworkGraph WithoutBias(NetworkGraph graph)
    {
        var head = (LinearLayer)graph.Layers[graph.OutputId - 1];
        return graph with { Layers = [.. graph.Layers[..^1], head with { Bias = null }, head with { Name = "dead" }] };
    }

    private static NetworkGraph Exchanged(NetworkGraph graph, params string[] names) =>
        graph.WithNames(name =>
            name == names[0] ? names[1]
            : name == names[1] ? names[0]
            : name
        );

    private static ConvolutionLayer AsConvolution(LinearLayer linear)
    {
        var (outputs, inputs) = (linear.Weight.Shape[0], linear.Weight.Shape[1]);
        var window = new Window(Extent.Square(1), Extent.Square(1), Extent.Square(1), default);
        var weight = linear.Weight with { Shape = [outputs, inputs, 1, 1] };
        return new(linear.Name, linear.Inputs, linear.Output, new(window, inputs, 1), weight, linear.Bias);
    }

    private string Write(NetworkGraph graph, OnnxWriteOptions options)
    {
        var path = _folder.PathOf("net.onnx");
        File.WriteAllBytes(path, OnnxWriter.Write(new(graph, WeightFormula.Create(graph, 1)), options));
        return path;
    }
}
