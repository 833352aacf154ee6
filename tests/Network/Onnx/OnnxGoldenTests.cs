using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Onnx;

public class OnnxGoldenTests
{
    public static TheoryData<string> Names => [.. OnnxGolden.All.Select(golden => golden.Name)];

    public static TheoryData<string> UnfoldedNames =>
        [.. OnnxGolden.All.Where(golden => golden.Unfolded).Select(golden => golden.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Exported_network_has_the_layers_of_its_modules(string name)
    {
        var golden = OnnxGolden.Get(name);
        var layers = golden.Read().Graph.Layers;
        Assert.Equal(golden.Convolutions, layers.OfType<ConvolutionLayer>().Count());
        Assert.Equal(golden.Normalizations, layers.OfType<BatchNormLayer>().Count());
        Assert.Equal(golden.Linears, layers.OfType<LinearLayer>().Count());
        Assert.Equal(golden.HardSwishes, Count(layers, ActivationKind.HardSwish));
        Assert.Equal(golden.HardSigmoids, Count(layers, ActivationKind.HardSigmoid));
        Assert.Equal(golden.HardSigmoids, layers.OfType<ScaleLayer>().Count());
        Assert.Equal(golden.HasSoftmax, layers[^1] is SoftmaxLayer);
        Assert.Equal(golden.HardSigmoids + 1, layers.OfType<GlobalAveragePoolLayer>().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Exported_network_has_the_shapes_of_its_input_and_output(string name)
    {
        var model = OnnxGolden.Get(name).Read();
        var input = Npy.Read(OnnxGolden.InputPath).Shape;
        Assert.Equal(new FeatureShape(input[2], input[3], input[1]), model.Graph.Input);
        Assert.Equal(new FeatureShape(1, 1, Npy.Read(OnnxGolden.Get(name).OutputPath).Shape[1]), model.Graph.Output);
        model.Weights.Check(model.Graph);
    }

    [Theory]
    [MemberData(nameof(UnfoldedNames))]
    public void Weights_have_the_names_and_values_that_they_have_in_PyTorch(string name)
    {
        var model = OnnxGolden.Get(name).Read();
        var expected = WeightFormula.Create(model.Graph, seed: 1);
        foreach (var parameter in model.Graph.Parameters)
        {
            var wanted = expected[parameter].Data.Span;
            Assert.True(wanted.SequenceEqual(model.Weights[parameter].Data.Span), $"{parameter.Name} differs");
        }
    }

    private static int Count(IEnumerable<Layer> layers, ActivationKind kind) =>
        layers.OfType<ActivationLayer>().Count(layer => layer.Activation.Kind == kind);
}
