using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Models;

/// <summary>Files of TensorFlow.js where a model or weights are asked for.</summary>
public class TensorFlowModelSourceTests
{
    [Fact]
    public void A_graph_model_is_a_model_file()
    {
        var model = ModelSource.Load(new() { Model = PathOf("graph_v3") });
        Assert.Equal(new FeatureShape(1, 1, 5), model.Model.Graph.Output);
        var inspection = FileInspector.Inspect(PathOf("graph_v3"));
        Assert.Equal(WeightFormat.TensorFlowJsGraph, inspection.Format);
        Assert.Equal(new FeatureShape(32, 32, 3), inspection.Model!.Input);
    }

    [Fact]
    public void A_layers_model_is_weights()
    {
        var inspection = FileInspector.Inspect(PathOf("layers_uint8"));
        Assert.Equal(WeightFormat.TensorFlowJsLayers, inspection.Format);
        Assert.Contains(inspection.Tensors, tensor => tensor.Name == "conv_dw_1/depthwise_kernel");
        // Two convolutions are no network that is known.
        Assert.NotNull(inspection.Refusal);
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        var inspection = FileInspector.Inspect(folder.Write("model.json", "{\"weightsManifest\":["));
        Assert.Contains("expected a TensorFlow.js model.json", inspection.Refusal, StringComparison.Ordinal);
    }

    private static string PathOf(string golden) =>
        Repository.PathOf("tests", "Network", "TensorFlow", "Goldens", golden, "model.json");
}
