using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Network.Tests.TensorFlow;

/// <summary>Two MobileNetV2 that TensorFlow's converter wrote and quantised, where they have been fetched.</summary>
public class NsfwModelTests
{
    /// <summary>What TensorFlow.js 4.22 computes for <see cref="Picture"/>.</summary>
    private static readonly float[] _scores =
    [
        0.0353644639f,
        0.0191549901f,
        0.941975594f,
        0.00139901380f,
        0.00210600998f,
    ];

    [SkippableFact]
    public void The_graph_model_scores_as_TensorFlow_js_does()
    {
        var model = GraphFiles.Read(PathOf("mobilenet_v2_mid"));
        Assert.Equal(new FeatureShape(224, 224, 3), model.Graph.Input);
        Assert.Equal(52, model.Graph.Layers.OfType<ConvolutionLayer>().Count());
        Assert.Equal(10, model.Graph.Layers.OfType<AddLayer>().Count());
        // The rescaling before the padded first convolution stays a layer of its own.
        Assert.IsType<BatchNormLayer>(model.Graph.Layers[0]);
        var output = new float[5];
        using var session = new CpuSession(model, new(1));
        session.Run(Picture(), output, 1);
        Assert.All(_scores.Zip(output), pair => Assert.Equal(pair.First, pair.Second, 1e-4f * _scores.Max()));
    }

    [SkippableFact]
    public void The_layers_model_has_the_tensors_and_numerics_of_Keras_MobileNetV2()
    {
        using var file = WeightFiles.Open(PathOf("mobilenet_v2"));
        Assert.Equal(WeightFormat.TensorFlowJsLayers, file.Format);
        Assert.Equal(
            52,
            file.Tensors.Count(tensor =>
                tensor.Name.EndsWith("kernel", StringComparison.Ordinal) && tensor.Shape.Length == 4
            )
        );
        Assert.All(file.Tensors, tensor => Assert.Equal(ElementType.U8, tensor.Type));
        var found = file.ReadComputation(Extent.Square(96), default)!;
        Assert.Equal((null, new FeatureShape(224, 224, 3)), (found.Unread, found.Graph!.Input));
        Assert.All(found.Graph!.Layers.OfType<BatchNormLayer>(), norm => Assert.Equal(1e-3, norm.Epsilon, 1e-9));
        // The first element is byte 0x62 of a packing that its manifest states.
        Assert.Equal((float)(0x62 * 0.006666756611244351 - 0.87334511607301), file.Read("Conv1/kernel").Data.Span[0]);
    }

    private static string PathOf(string name)
    {
        var path = Repository.PathOf("models", "nsfwjs", name, "model.json");
        Skip.IfNot(File.Exists(path), $"{path} is not there; eng/fetch-nsfwjs fetches it.");
        return path;
    }

    /// <summary>Waves between 0 and 1, 224 x 224.</summary>
    private static float[] Picture() =>
        [
            .. Enumerable
                .Range(0, 224 * 224 * 3)
                .Select(i => (float)(0.5 + 0.5 * Math.Sin(0.0137 * i + 0.3 * Math.Sin(0.001 * i)))),
        ];
}
