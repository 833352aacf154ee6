using System.Runtime.InteropServices;
using System.Text.Json;
using ILGpuMobileNet.Host.Tests.Contracts;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
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

    [Theory]
    [InlineData(0.001, null)]
    [InlineData(1e-5, "1E-05")]
    public void A_topology_that_contradicts_its_ecosystem_is_refused_unless_it_is_forced(double epsilon, string? fault)
    {
        using var folder = new TemporaryFolder();
        var options = new ModelOptions { Model = LayersModel(folder, "keras-MobileNet", epsilon) };
        if (fault is null)
        {
            Assert.Equal("keras", ModelSource.Load(options).Contract!.Ecosystem);
            return;
        }
        var error = Assert.Throws<ModelFormatException>(() => ModelSource.Load(options));
        Assert.Contains($"epsilon of {fault}, but those of keras add 0.001", error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, FileInspector.Inspect(options.Model).Refusal);
        var forced = options with
        {
            Numerics = new() { BatchNormEpsilon = epsilon, Force = true },
        };
        var layers = ModelSource.Load(forced).Model.Graph.Layers.OfType<BatchNormLayer>();
        Assert.All(layers, layer => Assert.Equal(epsilon, layer.Epsilon));
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        var inspection = FileInspector.Inspect(folder.Write("model.json", "{\"weightsManifest\":["));
        Assert.Contains("expected a TensorFlow.js model.json", inspection.Refusal, StringComparison.Ordinal);
    }

    /// <summary>A layers model with the tensors of an ecosystem's network and a topology of one batch normalisation.</summary>
    private static string LayersModel(TemporaryFolder folder, string list, double epsilon)
    {
        using var weights = WeightFiles.Open(PublishedFile.Write(folder, list, 1000));
        using (var shard = File.Create(folder.PathOf("shard")))
        {
            foreach (var tensor in weights.Tensors)
            {
                shard.Write(MemoryMarshal.AsBytes(weights.Read(tensor.Name).Data.Span));
            }
        }
        var normalisation = new { class_name = "BatchNormalization", config = new { epsilon } };
        var model = new
        {
            format = "layers-model",
            modelTopology = new { class_name = "Model", config = new { layers = new[] { normalisation } } },
            weightsManifest = new[]
            {
                new
                {
                    paths = new[] { "shard" },
                    weights = weights.Tensors.Select(tensor => new
                    {
                        name = tensor.Name,
                        shape = tensor.Shape,
                        dtype = "float32",
                    }),
                },
            },
        };
        return folder.Write("model.json", JsonSerializer.Serialize(model));
    }

    private static string PathOf(string golden) =>
        Repository.PathOf("tests", "Network", "TensorFlow", "Goldens", golden, "model.json");
}
