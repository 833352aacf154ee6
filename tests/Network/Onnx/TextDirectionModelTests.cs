using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Network.Tests.Onnx;

/// <summary>PaddleOCR's text-direction classifier, where it has been fetched into models/.</summary>
public class TextDirectionModelTests
{
    [SkippableFact]
    public void The_real_file_has_the_layers_of_V3_Small()
    {
        var path = Repository.PathOf("models", "ppocr-text-direction.onnx");
        Skip.IfNot(File.Exists(path), $"{path} is not there; eng/fetch-model text-direction fetches it.");
        var model = OnnxModel.Read(path, new() { Resolution = new(48, 192) });
        var layers = model.Graph.Layers;
        Assert.Equal(new FeatureShape(1, 1, 2), model.Graph.Output);
        Assert.Equal(
            (53, 35, 9, 7, 1),
            (
                layers.OfType<ConvolutionLayer>().Count(),
                layers.OfType<BatchNormLayer>().Count(),
                layers.OfType<ScaleLayer>().Count(),
                layers.OfType<AddLayer>().Count(),
                layers.OfType<LinearLayer>().Count()
            )
        );
        var activations = layers.OfType<ActivationLayer>().CountBy(layer => layer.Activation).ToDictionary();
        Assert.Equal(18, activations[Activation.HardSwish]);
        Assert.Equal(9, activations[Activation.HardSigmoid(0.2f)]);
        Assert.Equal(15, activations[Activation.Relu]);
        Assert.IsType<SoftmaxLayer>(layers[^1]);
        model.Weights.Check(model.Graph);
    }
}
