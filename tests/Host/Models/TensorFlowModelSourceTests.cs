using System.Text.Json.Nodes;
using ILGpuMobileNet.Host.Features;
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
    [InlineData("keras-MobileNet", "mobilenet_v1")]
    [InlineData("keras-MobileNetV2", "mobilenet_v2")]
    [InlineData("keras-MobileNetV3Small", "mobilenet_v3_small")]
    public void A_topology_that_is_its_networks_is_accepted(string list, string architecture)
    {
        using var folder = new TemporaryFolder();
        var loaded = ModelSource.Load(new() { Model = KerasModel.Write(folder, list) });
        Assert.Equal(architecture, loaded.Contract!.Architecture);
        Assert.DoesNotContain(loaded.Assumptions, note => note.Contains("cannot be read", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("keras-MobileNetV2", "mobilenet_v2")]
    [InlineData("keras-MobileNetV3Small", "mobilenet_v3_small")]
    public void So_is_one_of_Keras_3(string list, string architecture)
    {
        using var folder = new TemporaryFolder();
        var loaded = ModelSource.Load(new() { Model = KerasModel.Write(folder, list, KerasModel.CallAsKeras3) });
        Assert.Equal(architecture, loaded.Contract!.Architecture);
        Assert.DoesNotContain(loaded.Assumptions, note => note.Contains("cannot be read", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("keras-MobileNetV3Small", 1 / 127.5)]
    [InlineData("keras-MobileNetV2", 1 / 127.5)]
    [InlineData("keras-MobileNetV2", 2)]
    public void A_topology_that_normalises_as_its_contract_does_is_accepted(string list, double scale)
    {
        using var folder = new TemporaryFolder();
        var path = KerasModel.Write(folder, list, layers => KerasModel.Rescale(layers, scale, -1));

        var loaded = ModelSource.Load(new() { Model = path });

        Assert.Equal(loaded.Contract!.Preprocessing, loaded.Preprocessing);
        Assert.Null(FileInspector.Inspect(path).Refusal);
    }

    [Theory]
    [InlineData("keras-MobileNetV3Small", 1 / 255.0, 0, "0.00392157", 0, 1)]
    [InlineData("keras-MobileNetV2", 4, -2, "4", 0.5f, 0.25f)]
    public void One_that_normalises_otherwise_is_refused_unless_pictures_are_prepared_so(
        string list,
        double scale,
        double offset,
        string scaleWords,
        float mean,
        float deviation
    )
    {
        using var folder = new TemporaryFolder();
        var options = new ModelOptions
        {
            Model = KerasModel.Write(folder, list, layers => KerasModel.Rescale(layers, scale, offset)),
        };

        var error = Assert.Throws<ModelFormatException>(() => ModelSource.Load(options)).Message;

        Assert.Contains("whose pictures are normalised by mean 0.5 and deviation 0.5", error, StringComparison.Ordinal);
        Assert.Contains(
            $"but in the file 'rescaling' multiplies the image by {scaleWords} and adds ",
            error,
            StringComparison.Ordinal
        );
        Assert.Contains(
            FormattableString.Invariant($"add --mean {mean} --std {deviation} (in"),
            error,
            StringComparison.Ordinal
        );
        var changes = new PreprocessingChanges { Mean = ColourValues.Same(mean), Std = ColourValues.Same(deviation) };
        var loaded = ModelSource.Load(options with { PreprocessingChanges = changes });
        Assert.Equal((changes.Mean, changes.Std), (loaded.Preprocessing.Mean, loaded.Preprocessing.Std));
    }

    [Fact]
    public void One_whose_normalisation_is_none_of_pictures_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = KerasModel.Write(folder, "keras-MobileNetV2", layers => KerasModel.Rescale(layers, -1, 1));

        var error = Assert.Throws<ModelFormatException>(() => ModelSource.Load(new() { Model = path })).Message;

        Assert.Contains("multiplies the image by -1 and adds 1", error, StringComparison.Ordinal);
        Assert.Contains(AsGraph, error, StringComparison.Ordinal);
    }

    // What a topology says, and what is said about it; nothing where it is as good.
    private static readonly Dictionary<string, (Action<JsonArray> Edit, string? Fault, string Remedy)> s_topologies =
        new()
        {
            ["epsilon of one"] = (
                layers => KerasModel.Config(layers, "conv1_bn")["epsilon"] = 0.5,
                "whose batch normalisation adds an epsilon of 0.001, but in the file 'conv1_bn' adds 0.5.",
                AsGraph
            ),
            ["epsilon of all"] = (
                layers => Each(layers, "BatchNormalization", config => config["epsilon"] = 1e-5),
                "but in the file 'conv1_bn' adds 1E-05 (the first of 27)",
                "add --epsilon 1E-05 --force-numerics"
            ),
            ["zeros around one"] = (
                layers => KerasModel.Config(layers, "conv1_pad")["padding"] = 1,
                "but in the file convolution 'conv1' pads symmetrically, by 1 above, 1 left, 1 below and 1 right.",
                AsGraph
            ),
            ["zeros around all"] = (
                layers => Each(layers, "ZeroPadding2D", config => config["padding"] = new JsonArray(1, 1)),
                "'conv1' pads symmetrically, by 1 above, 1 left, 1 below and 1 right (the first of 5)",
                "add --padding symmetric --force-numerics"
            ),
            ["zeros before"] = (
                layers => KerasModel.Config(layers, "conv_dw_4_pad")["padding"] = JsonNode.Parse("[[1,0],[1,0]]"),
                "'conv_dw_4' pads in a way of its own, by 1 above, 1 left, 0 below and 0 right.",
                AsGraph
            ),
            ["no zeros"] = (
                layers => KerasModel.Config(layers, "conv1_pad")["padding"] = 0,
                "'conv1' pads with nothing",
                AsGraph
            ),
            ["same"] = (
                layers =>
                {
                    KerasModel.Config(layers, "conv1_pad")["padding"] = 0;
                    KerasModel.Config(layers, "conv1")["padding"] = "same";
                },
                null,
                ""
            ),
            ["stride"] = (
                layers => KerasModel.Config(layers, "conv_dw_6")["strides"] = new JsonArray(1, 1),
                "depthwise, stride 2x2, 128 to 128 channels ('model.6.0'), but in the file it is 3x3 depthwise, stride 1x1",
                AsGraph
            ),
            ["dilation"] = (
                layers => KerasModel.Config(layers, "conv_dw_1")["dilation_rate"] = 2,
                "convolution 'conv_dw_1' has dilation 2x2.",
                AsGraph
            ),
            ["unbounded"] = (
                layers => Each(layers, "ReLU", config => config.Remove("max_value")),
                "reads relu6, but in the file convolution 'conv_dw_1' reads relu (the first of 27)",
                "add --activation relu --force-numerics"
            ),
            ["another bound"] = (
                layers => Each(layers, "ReLU", config => config["max_value"] = 4),
                "reads relu6, but in the file convolution 'conv_dw_1' reads",
                AsGraph
            ),
            ["slope"] = (
                layers => Each(layers, "ReLU", config => config["negative_slope"] = 0.3),
                "reads relu6, but in the file convolution 'conv_dw_1' reads",
                AsGraph
            ),
            ["threshold"] = (
                layers => Each(layers, "ReLU", config => config["threshold"] = 1),
                "reads relu6, but in the file convolution 'conv_dw_1' reads",
                AsGraph
            ),
            ["a further function"] = (
                layers => KerasModel.Config(layers, "conv_dw_3")["activation"] = "tanh",
                "but in the file convolution 'conv_pw_3' reads 'conv_dw_3/activation' (tanh).",
                AsGraph
            ),
            ["silu"] = (
                layers => KerasModel.Config(layers, "conv_pw_3")["activation"] = "swish",
                "but in the file convolution 'conv_dw_4' reads",
                AsGraph
            ),
            ["no scale"] = (
                layers => KerasModel.Config(layers, "conv_pw_3_bn")["scale"] = false,
                "takes 'conv_pw_3_bn/gamma' as its scale, but in the file layer 'conv_pw_3_bn' takes",
                AsGraph
            ),
            ["largest"] = (
                layers =>
                    KerasModel.OfClass(layers, "GlobalAveragePooling2D").Single()["class_name"] = "GlobalMaxPooling2D",
                "reads a mean over all positions, but in the file convolution 'conv_preds' reads",
                AsGraph
            ),
            ["without a layer"] = (
                layers =>
                {
                    var relu = KerasModel.OfClass(layers, "ReLU").First();
                    relu["class_name"] = "Dropout";
                },
                "reads relu6, but in the file convolution 'conv_dw_1' reads no activation.",
                AsGraph
            ),
            ["multiplier"] = (
                layers => KerasModel.Config(layers, "conv_dw_1")["depth_multiplier"] = 2,
                "has kernel_size 3x3 and depth_multiplier 2, but the weight 'conv_dw_1/depthwise_kernel' [3, 3, 16, 1].",
                "convert the model with tensorflowjs_converter again"
            ),
            ["filters"] = (
                layers => KerasModel.Config(layers, "conv1")["filters"] = 64,
                "has kernel_size 3x3 and filters 64, but the weight 'conv1/kernel' [3, 3, 3, 16].",
                "convert the model with tensorflowjs_converter again"
            ),
            ["order of axes"] = (
                layers => KerasModel.Config(layers, "conv1")["data_format"] = "channels_first",
                null,
                ""
            ),
            ["a small input"] = (
                layers =>
                {
                    KerasModel.Config(layers, "input_1")["batch_input_shape"] = new JsonArray(null, 4, 4, 3);
                    Each(layers, "ZeroPadding2D", config => config["padding"] = 0);
                    Each(layers, "Conv2D", config => config["padding"] = "same");
                    Each(layers, "DepthwiseConv2D", config => config["padding"] = "same");
                },
                "its input is 4x4, which mobilenet_v1 of keras, width 0.5, 1000 classes cannot have:",
                "Save it with another input."
            ),
            ["a first layer of one's own"] = (
                layers =>
                {
                    KerasModel.Layer(layers, "conv1")["class_name"] = "MyConvolution";
                    KerasModel.Layer(layers, "conv1_pad")["class_name"] = "Dropout";
                },
                null,
                ""
            ),
            ["a layer of one's own"] = (
                layers => KerasModel.OfClass(layers, "ReLU").First()["class_name"] = "MyActivation",
                null,
                ""
            ),
        };

    private const string AsGraph = "convert it to a graph";

    public static TheoryData<string> Topologies { get; } = [.. s_topologies.Keys];

    [Theory]
    [MemberData(nameof(Topologies))]
    public void A_topology_that_contradicts_its_network_is_refused(string topology)
    {
        using var folder = new TemporaryFolder();
        var (edit, fault, remedy) = s_topologies[topology];
        var options = new ModelOptions { Model = KerasModel.Write(folder, "keras-MobileNet", edit) };
        if (fault is null)
        {
            Assert.Equal("keras", ModelSource.Load(options).Contract!.Ecosystem);
            return;
        }
        var error = Assert.Throws<ModelFormatException>(() => ModelSource.Load(options)).Message;
        Assert.True(error.Contains(fault, StringComparison.Ordinal), error);
        Assert.Contains(remedy, error, StringComparison.Ordinal);
        Assert.Equal(error, FileInspector.Inspect(options.Model).Refusal);
    }

    // Its slope is another one since Keras 3; where the version is not said, that is said.
    [Theory]
    [InlineData("3.4.1", true, null)]
    [InlineData("2.15.0", true, "is gated by hard-sigmoid, but in the file")]
    [InlineData(null, false, null)]
    public void A_gate_by_its_name_is_that_of_its_version(string? version, bool isKnown, string? fault)
    {
        using var folder = new TemporaryFolder();
        static void Edit(JsonArray layers)
        {
            foreach (var sum in KerasModel.OfClass(layers, "TFOpLambda").ToList())
            {
                var name = (string)sum["name"]!;
                if (!name.EndsWith("_multiply", StringComparison.Ordinal))
                {
                    continue;
                }
                var stem = name[..^"_multiply".Length];
                if (layers.Any(layer => (string)layer!["name"]! == $"{stem}_product"))
                {
                    continue;
                }
                sum["class_name"] = "Activation";
                sum["config"]!["activation"] = "hard_sigmoid";
                sum["inbound_nodes"] = KerasModel.Layer(layers, $"{stem}_add")["inbound_nodes"]!.DeepClone();
                layers.Remove(KerasModel.Layer(layers, $"{stem}_add"));
                layers.Remove(KerasModel.Layer(layers, $"{stem}_relu"));
            }
        }
        var path = KerasModel.Write(folder, "keras-MobileNetV3Small", Edit);
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        json["modelTopology"]!["keras_version"] = version;
        File.WriteAllText(path, json.ToJsonString());

        var error = Record.Exception(() =>
            Assert.Equal(
                isKnown,
                !ModelSource
                    .Load(new() { Model = path })
                    .Assumptions.Any(note => note.Contains("cannot be read", StringComparison.Ordinal))
            )
        );

        Assert.Equal(fault is null, error is null);
        Assert.Contains(fault ?? "", error?.Message ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Maximum")]
    [InlineData("Minimum")]
    [InlineData("Subtract")]
    [InlineData("Average")]
    [InlineData("Multiply")]
    public void What_joins_branches_is_a_sum(string className)
    {
        using var folder = new TemporaryFolder();
        void Edit(JsonArray layers) => KerasModel.OfClass(layers, "Add").Last()["class_name"] = className;
        var path = KerasModel.Write(folder, "keras-MobileNetV2", Edit);
        void Load() => ModelSource.Load(new() { Model = path });
        if (className == "Multiply")
        {
            Load(); // it may be a part of a function that is not known
            return;
        }
        var error = Assert.Throws<ModelFormatException>(Load).Message;
        Assert.Contains($"({className})", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_that_come_first_in_all_layers_are_the_same()
    {
        using var folder = new TemporaryFolder();
        static void First(JsonArray layers)
        {
            foreach (var layer in layers.Skip(1))
            {
                layer!["config"]!["data_format"] = "channels_first";
            }
            Each(layers, "BatchNormalization", config => config["axis"] = new JsonArray(1));
            KerasModel.Config(layers, "input_1")["batch_input_shape"] = new JsonArray(null, 3, 224, 224);
        }
        static void Wrong(JsonArray layers)
        {
            First(layers);
            Each(layers, "BatchNormalization", config => config["epsilon"] = 1e-5);
        }
        var loaded = ModelSource.Load(new() { Model = KerasModel.Write(folder, "keras-MobileNet", First) });
        Assert.DoesNotContain(loaded.Assumptions, note => note.Contains("cannot be read", StringComparison.Ordinal));
        var wrong = KerasModel.Write(folder, "keras-MobileNet", Wrong);
        var error = Assert.Throws<ModelFormatException>(() => ModelSource.Load(new() { Model = wrong })).Message;
        Assert.Contains("'conv1_bn' adds 1E-05 (the first of 27)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_normalisation_over_another_axis_is_not_known()
    {
        using var folder = new TemporaryFolder();
        static void Edit(JsonArray layers) => KerasModel.Config(layers, "conv_pw_7_bn")["axis"] = new JsonArray(1);
        var notes = ModelSource.Load(new() { Model = KerasModel.Write(folder, "keras-MobileNet", Edit) }).Assumptions;
        Assert.Contains(
            notes,
            note => note.Contains("'conv_pw_7_bn' (BatchNormalization) cannot be read", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("a layer of one's own", "(MyActivation) cannot be read: that it computes")]
    [InlineData(
        "a first layer of one's own",
        "Its operators cannot be read: that they compute what mobilenet_v1 does is"
    )]
    public void What_is_not_known_of_a_topology_is_said(string topology, string said)
    {
        using var folder = new TemporaryFolder();
        var (edit, _, _) = s_topologies[topology];
        var notes = ModelSource.Load(new() { Model = KerasModel.Write(folder, "keras-MobileNet", edit) }).Assumptions;
        Assert.Contains(notes, note => note.Contains(said, StringComparison.Ordinal));
    }

    // Keras's MobileNet pads odd sizes as even ones.
    [Theory]
    [InlineData(1, "'conv_dw_2' pads symmetrically")]
    [InlineData(null, null)]
    public void Odd_sizes_are_no_excuse(int? zeros, string? fault)
    {
        using var folder = new TemporaryFolder();
        void Edit(JsonArray layers)
        {
            if (zeros is { } count)
            {
                Each(layers, "ZeroPadding2D", config => config["padding"] = count);
            }
        }
        var options = new ModelOptions { Model = KerasModel.Write(folder, "keras-MobileNet", Edit, size: 225) };
        var error = Record.Exception(() => ModelSource.Load(options));
        Assert.Equal(fault is null, error is null);
        Assert.Contains(fault ?? "", error?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Models_may_be_nested_and_called_in_the_way_of_Keras_3()
    {
        using var folder = new TemporaryFolder();
        static void Edit(JsonArray layers)
        {
            Each(layers, "BatchNormalization", config => config["epsilon"] = 1e-5);
            KerasModel.CallAsKeras3(layers);
            var inner = new JsonObject
            {
                ["class_name"] = "Functional",
                ["config"] = new JsonObject { ["layers"] = layers.DeepClone() },
            };
            layers.Clear();
            layers.Add(inner);
        }
        var options = new ModelOptions { Model = KerasModel.Write(folder, "keras-MobileNet", Edit) };

        var error = Assert.Throws<ModelFormatException>(() => ModelSource.Load(options)).Message;

        Assert.Contains("'conv1_bn' adds 1E-05 (the first of 27)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_within_models_are_not_entered_without_end()
    {
        using var folder = new TemporaryFolder();
        static void Edit(JsonArray layers)
        {
            JsonObject model = new() { ["class_name"] = "Model", ["config"] = new JsonArray() };
            for (var depth = 0; depth < 16; depth++)
            {
                var twice = new JsonArray(new JsonArray(), new JsonArray());
                model = new JsonObject
                {
                    ["class_name"] = "Model",
                    ["name"] = "again",
                    ["config"] = new JsonObject { ["layers"] = new JsonArray(model) },
                    ["inbound_nodes"] = twice,
                };
            }
            layers.Add(model);
        }
        var options = new ModelOptions { Model = KerasModel.Write(folder, "keras-MobileNet", Edit) };

        var error = Assert.Throws<ModelFormatException>(() => ModelSource.Load(options)).Message;

        Assert.True(error.Contains("has more than 100000 calls of layers.", StringComparison.Ordinal), error);
    }

    // A head of its own may compute anything after the trunk, but no other trunk.
    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "convolution 'conv_dw_1' reads relu")]
    public async Task The_topology_of_a_head_of_its_own_is_not_compared(bool isOther, string? fault)
    {
        using var folder = new TemporaryFolder();
        void Edit(JsonArray layers)
        {
            KerasModel.Layer(layers, "conv_preds")["name"] = "dense";
            KerasModel.Config(layers, "dense")["activation"] = "relu";
            if (isOther)
            {
                Each(layers, "ReLU", config => config.Remove("max_value"));
            }
        }
        var path = KerasModel.Write(
            folder,
            "keras-MobileNet",
            Edit,
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
        static void Edit(JsonArray layers)
        {
            Each(layers, "ZeroPadding2D", config => config["padding"] = 1);
            Each(layers, "ReLU", config => config.Remove("max_value"));
        }
        var options = new ModelOptions { Model = KerasModel.Write(folder, "keras-MobileNet", Edit) };
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

    private static void Each(JsonArray layers, string className, Action<JsonObject> edit)
    {
        foreach (var layer in KerasModel.OfClass(layers, className))
        {
            edit(layer["config"]!.AsObject());
        }
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
