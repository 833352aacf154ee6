using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ILGpuMobileNet.Host.Features;
using ILGpuMobileNet.Host.Tests.Contracts;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
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
        var options = new ModelOptions { Model = LayersModel(folder, $"[{Normalisation(epsilon)}]") };
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

    [Theory]
    [InlineData(
        "((1,1),(1,1))",
        "2,2,2,2,2",
        "relu6",
        "224",
        "the padding 'symmetric', but those of keras 'bottom-right'",
        "add --padding symmetric --force-numerics"
    )]
    [InlineData(
        "",
        "2,2,2,2,2",
        "relu6",
        "224",
        "the padding 'none', but those of keras 'bottom-right'",
        "convert it to a graph"
    )]
    [InlineData(
        "((0,1),(0,1))",
        "2,2,1,2,2",
        "relu6",
        "224",
        "the strides 2x2,2x2,2x2,2x2, but those of mobilenet_v1 of keras 2x2,2x2,2x2,2x2,2x2.",
        "convert it to a graph"
    )]
    [InlineData(
        "((0,1),(0,1))",
        "2,2,2,2,2",
        "relu",
        "224",
        "compute relu, but those of mobilenet_v1 of keras relu6",
        "add --activation relu --force-numerics"
    )]
    [InlineData(
        "((0,1),(0,1))",
        "2,2,2,2,2",
        "swish",
        "224",
        "compute swish, but those of mobilenet_v1 of keras relu6",
        "convert it to a graph"
    )]
    [InlineData(
        "((2,2),(2,2))",
        "2",
        "relu",
        "224",
        "'bottom-right'; its convolutions have the strides 2x2, but",
        "relu6. To compute as the file says"
    )]
    [InlineData("((0,1),(0,1))", "2,2,2,2,2", "relu6", "224", null, null)]
    [InlineData("((0,1),(0,1))", "2,2,2,2,2", "custom", "224", null, null)]
    [InlineData("((0,3),(0,3))", "2,2,2,2,2", "relu6", "224", null, null)]
    [InlineData("((1,1),(1,1))", "2,2,2,2,2", "relu6", "225", null, null)]
    public void A_topology_that_contradicts_its_network_is_refused(
        string zeros,
        string strides,
        string activation,
        string size,
        string? fault,
        string? remedy
    )
    {
        using var folder = new TemporaryFolder();
        var layers = new List<string> { Input(size), Function(activation), Normalisation(0.001) };
        layers.AddRange(zeros.Length > 0 ? [Zeros(zeros)] : []);
        layers.AddRange(strides.Split(',').Select(Convolution));
        var options = new ModelOptions { Model = LayersModel(folder, $"[{string.Join(',', layers)}]") };
        if (fault is null)
        {
            Assert.Equal("keras", ModelSource.Load(options).Contract!.Ecosystem);
            return;
        }
        var error = Assert.Throws<ModelFormatException>(() => ModelSource.Load(options)).Message;
        Assert.Contains(fault, error, StringComparison.Ordinal);
        Assert.Contains(remedy!, error, StringComparison.Ordinal);
    }

    // A head of its own may compute anything after the trunk, but no other trunk.
    [Theory]
    [InlineData("relu6", "2,2,2,2,2,2", null)]
    [InlineData("relu", "2,2,2,2,2", "its layers compute relu, but those of mobilenet_v1 of keras relu6")]
    [InlineData("relu6", "2,2,1,2,2", "its convolutions have the strides 2x2,2x2,2x2,2x2, but")]
    public async Task The_topology_of_a_head_of_its_own_is_not_compared(string trunk, string strides, string? fault)
    {
        using var folder = new TemporaryFolder();
        string[] layers =
        [
            Zeros("((0,1),(0,1))"),
            Function(trunk),
            .. strides.Split(',').Select(Convolution),
            Function("relu"),
        ];
        var path = LayersModel(
            folder,
            $"[{string.Join(',', layers)}]",
            name => name.Replace("conv_preds", "dense", StringComparison.Ordinal)
        );
        async Task<FeatureExtractor> Load() => await FeatureExtractor.LoadAsync(new() { Model = path });
        if (fault is null)
        {
            using var extractor = await Load();
            Assert.Equal("mobilenet_v1", extractor.Model);
            return;
        }
        var error = await Assert.ThrowsAsync<ModelFormatException>(Load);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Items_that_are_forced_are_not_compared_with_the_topology()
    {
        using var folder = new TemporaryFolder();
        var layers = $"[{Zeros("((1,1),(1,1))")},{Function("relu")}]";
        var options = new ModelOptions { Model = LayersModel(folder, layers) };
        var error = Assert.Throws<ModelFormatException>(() => ModelSource.Load(options)).Message;
        Assert.Contains("add --padding symmetric --activation relu --force-numerics", error, StringComparison.Ordinal);
        var forced = options with
        {
            Numerics = new()
            {
                Padding = PaddingRule.Symmetric,
                Relu = Activation.Relu,
                Force = true,
            },
        };
        var graph = ModelSource.LoadGraph(forced);
        Assert.Equal(new Padding(1, 1, 1, 1), Assert.IsType<ConvolutionLayer>(graph.Layers[0]).Geometry.Window.Padding);
    }

    private static string Layer(string type, string config) =>
        $$$"""{"class_name": "{{{type}}}", "config": {{{{config}}}} }""";

    private static string Input(string size) =>
        Layer("InputLayer", $"\"batch_input_shape\": [null, {size}, {size}, 3]");

    private static string Function(string name) => Layer("Activation", $"\"activation\": \"{name}\"");

    private static string Normalisation(double epsilon) =>
        Layer("BatchNormalization", FormattableString.Invariant($"\"epsilon\": {epsilon}"));

    private static string Zeros(string zeros) =>
        Layer("ZeroPadding2D", $"\"padding\": {zeros.Replace('(', '[').Replace(')', ']')}");

    private static string Convolution(string stride) =>
        Layer("Conv2D", $"\"padding\": \"valid\", \"kernel_size\": [3, 3], \"strides\": [{stride}, {stride}]");

    [Fact]
    public void A_damaged_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        var inspection = FileInspector.Inspect(folder.Write("model.json", "{\"weightsManifest\":["));
        Assert.Contains("expected a TensorFlow.js model.json", inspection.Refusal, StringComparison.Ordinal);
    }

    /// <summary>A layers model with the tensors of Keras's MobileNet and a topology of some layers.</summary>
    private static string LayersModel(TemporaryFolder folder, string layers, Func<string, string>? rename = null)
    {
        using var weights = WeightFiles.Open(PublishedFile.Write(folder, "keras-MobileNet", 1000));
        using (var shard = File.Create(folder.PathOf("shard")))
        {
            foreach (var tensor in weights.Tensors)
            {
                shard.Write(MemoryMarshal.AsBytes(weights.Read(tensor.Name).Data.Span));
            }
        }
        var model = new
        {
            format = "layers-model",
            modelTopology = new { class_name = "Model", config = new { layers = JsonNode.Parse(layers) } },
            weightsManifest = new[]
            {
                new
                {
                    paths = new[] { "shard" },
                    weights = weights.Tensors.Select(tensor => new
                    {
                        name = rename?.Invoke(tensor.Name) ?? tensor.Name,
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
