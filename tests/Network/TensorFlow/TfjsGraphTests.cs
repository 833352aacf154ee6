using System.Text;
using System.Text.Json.Nodes;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.TensorFlow;
using ILGpuMobileNet.Network.Tests.Weights;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Network.Tests.TensorFlow;

public class TfjsGraphTests
{
    private static readonly string[] _names =
    [
        "graph_v1",
        "graph_v1_float16",
        "graph_v2",
        "graph_v2_uint8",
        "graph_v3",
        "graph_v3_uint16",
        "graph_shuffle",
        "graph_older",
    ];

    public static TheoryData<string> Names => [.. _names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_graph_gives_what_TensorFlow_js_gives(string name)
    {
        var model = TfjsGraphModel.Read(TensorFlowGolden.PathOf(name, "model.json"));
        var images = TensorFlowGolden.Array("input.npy");
        var batch = images.Shape[0];
        var outputs = model.Graph.Outputs.Select(shape => new float[batch * shape.ElementCount].AsMemory()).ToArray();
        using var session = new CpuSession(model, new(batch));
        session.Run(images.Data.Span, outputs, batch);
        for (var i = 0; i < outputs.Length; i++)
        {
            var expected = TensorFlowGolden.Array(name, i == 0 ? "output.npy" : $"output{i}.npy").Data.ToArray();
            double[] wanted = [.. expected.Select(value => (double)value)];
            Assert.InRange(Closeness.RelativeError(wanted, outputs[i].ToArray()), 0, 1e-4);
            Assert.True(Math.Abs(expected[0] - expected[expected.Length / batch]) > 1e-3 * expected.Max(Math.Abs));
        }
        model.Weights.Check(model.Graph);
    }

    [Fact]
    public void Channels_are_split_joined_sliced_and_shuffled_and_all_outputs_are_there()
    {
        var graph = TfjsGraphModel.Read(TensorFlowGolden.PathOf("graph_shuffle", "model.json")).Graph;
        Assert.Equal<FeatureShape>([new(1, 1, 5), new(1, 1, 7)], graph.Outputs);
        Assert.Equal(3, graph.Layers.OfType<ConcatLayer>().Count());
        // Two halves, a shuffle, two slices, two of the three parts.
        Assert.Equal(7, graph.Layers.OfType<SelectChannelsLayer>().Count());
    }

    [Fact]
    public void Bounds_sums_of_several_and_flattened_maps_become_layers()
    {
        var layers = TfjsGraphModel.Read(TensorFlowGolden.PathOf("graph_older", "model.json")).Graph.Layers;
        Assert.Equal(
            [Activation.Relu6, Activation.HardSwish, Activation.Relu],
            layers.OfType<ActivationLayer>().Select(layer => layer.Activation)
        );
        Assert.Equal(2, layers.OfType<AddLayer>().Count());
        var flat = Assert.IsType<ConvolutionLayer>(layers[^1]);
        Assert.Equal((new Extent(4, 4), new FeatureShape(1, 1, 7)), (flat.Geometry.Window.Kernel, flat.Output));
    }

    [Fact]
    public void A_loop_is_named_as_one()
    {
        static void Loop(JsonNode json)
        {
            Node(json, "shuffled")["op"] = "Merge";
            Node(json, "shuffled")["input"] = new JsonArray("swapped", "mixed");
        }
        AssertFault("graph_shuffle", Loop, "'shuffled' (Merge)", "not supported");
    }

    [Theory]
    [InlineData("joined", "[\"half\"]", "has 1 inputs, expected 2")]
    [InlineData("joined", "[\"half\",\"right\",\"sizes\"]", "reads 'sizes', expected one axis")]
    [InlineData("joined", "[\"half\",\"right\",\"three/none\"]", "no node 'three/none'")]
    [InlineData("joined", "[\"half:2\",\"right\",\"last\"]", "reads 'half:2', which neither the file nor")]
    [InlineData("joined", "[\"half:x\",\"right\",\"last\"]", "no node 'half:x'")]
    [InlineData("swapped", "[\"apart\",\"sizes\"]", "has axis 5")]
    [InlineData("part", "[\"mixed\",\"last\",\"last\"]", "reads 'part:2'")]
    [InlineData("low/of", "[\"shuffled\",\"low/of/0\",\"low/of/1\",\"low/of/1\"]", "slices with a step")]
    [InlineData("low/of", "[\"shuffled\",\"low/of/0\",\"sizes\",\"low/of/2\"]", "slices with a step")]
    public void Inputs_of_what_moves_channels_are_checked(string node, string inputs, string expected) =>
        AssertFault("graph_shuffle", json => Node(json, node)["input"] = JsonNode.Parse(inputs), expected);

    [Theory]
    [InlineData("half", "num_split", "9", "9 parts")]
    [InlineData("half", "num_split", "0", "has 0 outputs")]
    [InlineData("half", "num_split", "1025", "has 1025 outputs")]
    [InlineData("low/of", "new_axis_mask", "1", "adds an axis")]
    public void Numbers_of_what_moves_channels_are_checked(string node, string name, string value, string expected) =>
        AssertFault("graph_shuffle", json => Node(json, node)["attr"]![name]!["i"] = value, expected);

    [Fact]
    public void The_older_concatenation_has_its_axis_first()
    {
        var content = Edited(
            "graph_shuffle",
            json =>
            {
                Node(json, "joined")["op"] = "Concat";
                Node(json, "joined")["input"] = new JsonArray("last", "half", "right");
            }
        );
        var layers = Read("graph_shuffle", content).Graph.Layers;
        Assert.Equal(8, layers.OfType<ConcatLayer>().First().Output.Channels);
    }

    [Fact]
    public void Decomposed_activations_gates_and_poolings_are_recognised()
    {
        var layers = TfjsGraphModel.Read(TensorFlowGolden.PathOf("graph_v3", "model.json")).Graph.Layers;
        var activations = layers.OfType<ActivationLayer>().Select(layer => layer.Activation);
        Assert.Equal(
            [Activation.HardSwish, Activation.Silu, Activation.Relu, Activation.HardSigmoid()],
            activations.Order(Comparer<Activation>.Create((a, b) => Rank(a).CompareTo(Rank(b))))
        );
        Assert.Single(layers.OfType<ScaleLayer>());
        Assert.Equal(2, layers.OfType<GlobalAveragePoolLayer>().Count());
        Assert.Equal([PoolKind.Max, PoolKind.Average], layers.OfType<PoolLayer>().Select(layer => layer.Kind));
        Assert.NotNull(layers.OfType<LinearLayer>().Single().Bias);
    }

    [Fact]
    public void A_bias_of_its_own_becomes_that_of_the_convolution_and_a_padding_its_window()
    {
        var layers = TfjsGraphModel.Read(TensorFlowGolden.PathOf("graph_v1", "model.json")).Graph.Layers;
        var convolutions = layers.OfType<ConvolutionLayer>().ToDictionary(layer => layer.Name);
        Assert.NotNull(convolutions["p1"].Bias);
        Assert.Equal(new Padding(0, 0, 1, 1), convolutions["d2"].Geometry.Window.Padding);
        Assert.Equal(new Padding(0, 0, 1, 1), convolutions["c1"].Geometry.Window.Padding);
        Assert.Equal(1e-3f, (float)layers.OfType<BatchNormLayer>().Single(layer => layer.Name == "c1/bn").Epsilon);
        Assert.IsType<SoftmaxLayer>(layers[^1]);
    }

    [Fact]
    public void An_open_input_takes_the_size_that_is_asked_for()
    {
        void Open(JsonNode json)
        {
            var axes = Node(json, "input")["attr"]!["shape"]!["shape"]!["dim"]!.AsArray();
            axes[1]!["size"] = "-1";
            axes[2]!["size"] = -1;
        }
        AssertFault("graph_v3", Open, "symbolic Height");
        var model = Read("graph_v3", Edited("graph_v3", Open), new Extent(40, 24));
        Assert.Equal(new FeatureShape(40, 24, 3), model.Graph.Input);
    }

    [Fact]
    public void Without_a_signature_the_output_is_what_nothing_reads()
    {
        var content = Edited("graph_v2", json => json.AsObject().Remove("signature"));
        Assert.Equal(new FeatureShape(1, 1, 5), Read("graph_v2", content).Graph.Output);
        void Spread(JsonNode json)
        {
            json["signature"]!["outputs"] = new JsonObject();
            Node(json, "flat")["input"]![0] = "residual";
        }
        AssertFault("graph_v2", Spread, "no signature names its outputs", "2 nodes", "pool");
    }

    [Fact]
    public void A_layers_model_is_no_graph()
    {
        var path = TensorFlowGolden.PathOf("layers_float32", "model.json");
        var fault = Assert.Throws<ModelFormatException>(() => TfjsGraphModel.Read(path));
        Assert.Contains("this is a layers model", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Prelu", "use ReLU")]
    [InlineData("ResizeBilinear", "without upsampling")]
    [InlineData("Cumsum", "without it")]
    public void Operators_that_are_not_read_are_named(string type, string remedy) =>
        AssertFault("graph_v3", json => Node(json, "stem/Relu6")["op"] = type, $"'stem/Relu6' ({type})", remedy);

    [Theory]
    [InlineData("data_format", "NCHW", "data_format 'NCHW', expected NHWC")]
    [InlineData("padding", "EXPLICIT", "padding 'EXPLICIT', expected SAME or VALID")]
    public void Texts_of_attributes_are_checked(string attribute, string value, string expected) =>
        AssertFault(
            "graph_v2",
            json => Node(json, "stem")["attr"]![attribute]!["s"] = Base64(value),
            "'stem' (_FusedConv2D)",
            expected
        );

    [Theory]
    [InlineData("[\"1\",\"2\"]", "expected [1, height, width, 1]")]
    [InlineData("[\"2\",\"2\",\"2\",\"1\"]", "expected [1, height, width, 1]")]
    [InlineData("[\"1\",\"0\",\"2\",\"1\"]", "expected [1, height, width, 1]")]
    [InlineData("[\"1\",\"x\",\"2\",\"1\"]", "String where a whole number should be")]
    [InlineData("[\"1\",2.5,\"2\",\"1\"]", "Number where a whole number should be")]
    [InlineData("[\"1\",{},\"2\",\"1\"]", "Object where a whole number should be")]
    public void Strides_are_checked(string strides, string expected) =>
        AssertFault(
            "graph_v2",
            json => Node(json, "stem")["attr"]!["strides"]!["list"]!["i"] = JsonNode.Parse(strides),
            expected
        );

    [Theory]
    [InlineData("graph_v2", "stem", "LeakyRelu", "read are BiasAdd alone or with Relu")]
    [InlineData("graph_v2", "logits", "Elu", "read are BiasAdd alone or with Relu")]
    public void Fused_operators_are_checked(string golden, string node, string fused, string expected) =>
        AssertFault(
            golden,
            json =>
                Node(json, node)["attr"]!["fused_ops"]!["list"]!["s"] = new JsonArray(Base64("BiasAdd"), Base64(fused)),
            expected
        );

    [Theory]
    [InlineData("graph_v1", "c1/bn", "is_training", "the batch's own statistics")]
    [InlineData("graph_v3", "dense", "transpose_a", "transposes its input")]
    public void Flags_are_checked(string golden, string node, string flag, string expected) =>
        AssertFault(golden, json => Node(json, node)["attr"]![flag]!["b"] = true, expected);

    [Theory]
    [InlineData("stem", "[\"input\"]", "has 1 inputs, expected 3")]
    [InlineData("stem", "[\"input\",\"pool\",\"stem/bias\"]", "cycle")]
    [InlineData("stem", "[\"input\",\"input\",\"stem/bias\"]", "the computed value 'input', expected a constant")]
    [InlineData("stem", "[\"input\",\"stem/bias\",\"stem/bias\"]", "expected 4 axes")]
    [InlineData("stem", "[\"input\",\"nothing\",\"stem/bias\"]", "no node 'nothing'")]
    [InlineData("stem", "[\"input\",7,\"stem/bias\"]", "has Number where a text should be")]
    [InlineData("residual", "[\"expand\",\"stem\"]", "Add values of one shape")]
    [InlineData("residual", "[\"project\",\"residual\"]", "cycle")]
    [InlineData("logits", "[\"flat\",\"stem/bias\",\"dense/bias\"]", "expected 2 axes")]
    [InlineData("flat", "[\"project\"]", "they must be 1")]
    public void Inputs_are_checked(string node, string inputs, string expected) =>
        AssertFault("graph_v2", json => Node(json, node)["input"] = JsonNode.Parse(inputs), expected);

    [Theory]
    [InlineData("d2/pad", "[\"p1/relu\",\"pool/axes\"]", "expected rows and columns only")]
    [InlineData("d2/pad", "[\"p1/relu\",\"d2/paddings\",\"rescale/factor\"]", "something else than zeros")]
    [InlineData("pool", "[\"d2/relu\",\"input\"]", "expected constant whole numbers")]
    [InlineData("d2/relu", "[\"d2/pad\"]", "something else than Conv")]
    public void Inputs_of_paddings_and_means_are_checked(string node, string inputs, string expected) =>
        AssertFault("graph_v1", json => Node(json, node)["input"] = JsonNode.Parse(inputs), expected);

    [Theory]
    [InlineData("stem", "expand", "has the name of another node")]
    [InlineData("stem/bias", "lost", "no node 'stem/bias'")]
    public void Names_are_checked(string node, string name, string expected) =>
        AssertFault("graph_v2", json => Node(json, node)["name"] = name, expected);

    [Theory]
    [InlineData("ellipsis_mask", "1", "something else than a shape")]
    [InlineData("new_axis_mask", "1", "something else than a shape")]
    [InlineData("begin_mask", "1", null)]
    [InlineData("end_mask", "1", null)]
    public void Slices_of_shapes_are_checked(string mask, string bits, string? expected)
    {
        void Edit(JsonNode json) => Node(json, "batch")["attr"]![mask]!["i"] = bits;
        if (expected is null)
        {
            Assert.Equal(new FeatureShape(1, 1, 7), Read("graph_v1", Edited("graph_v1", Edit)).Graph.Output);
        }
        else
        {
            AssertFault("graph_v1", Edit, "'batch' (StridedSlice)", expected);
        }
    }

    [Fact]
    public void Several_sizes_may_be_taken_of_a_shape()
    {
        // The shape [N, 12] whole, packed with nothing: a Reshape that changes nothing.
        var content = Edited(
            "graph_v1",
            json =>
            {
                Node(json, "batch")["attr"]!["shrink_axis_mask"]!["i"] = "0";
                Node(json, "batch")["attr"]!["end_mask"]!["i"] = "1";
                Node(json, "shape1")["input"]![1] = "batch";
                Node(json, "conv_preds")["input"]![0] = "again";
                var again = Node(json, "shape1").DeepClone();
                (again["name"], again["input"]) = ("again", new JsonArray("shape1", "target"));
                Node(json, "target")["input"]![0] = "first";
                var first = Node(json, "batch").DeepClone();
                (first["name"], first["attr"]!["shrink_axis_mask"]!["i"]) = ("first", "1");
                var nodes = json["modelTopology"]!["node"]!.AsArray();
                nodes.Add(again);
                nodes.Add(first);
            }
        );
        Assert.Equal(new FeatureShape(1, 1, 7), Read("graph_v1", content).Graph.Output);
    }

    [Fact]
    public void Constants_are_in_the_manifest() =>
        AssertFault(
            "graph_v2",
            json => json["weightsManifest"]![0]!["weights"]![0]!["name"] = "other",
            "has no elements"
        );

    [Fact]
    public void Tensors_without_elements_are_passed_over()
    {
        var none = JsonNode.Parse("""{"name":"none","shape":[0,1],"dtype":"int32"}""");
        var content = Edited("graph_v2", json => json["weightsManifest"]![0]!["weights"]!.AsArray().Insert(0, none));
        Assert.NotEmpty(Read("graph_v2", content).Graph.Layers);
    }

    [Fact]
    public void Constants_of_unusual_types_are_refused()
    {
        JsonNode Axes(JsonNode json) => Weight(json, "pool/axes");
        AssertFault(
            "graph_v1_float16",
            json => Axes(json)["quantization"] = JsonNode.Parse("{\"dtype\":\"float16\"}"),
            "tensors need"
        );
        AssertFault(
            "graph_v1",
            json => (Axes(json)["dtype"], Axes(json)["shape"]) = ("uint8", new JsonArray(8)),
            "int32"
        );
    }

    [Fact]
    public void An_image_batch_is_the_only_input()
    {
        AssertFault("graph_v2", json => Node(json, "input")["attr"]!["shape"] = null, "has no shape");
        AssertFault(
            "graph_v2",
            json => Node(json, "input")["attr"]!["shape"]!["shape"]!["dim"]!.AsArray().RemoveAt(0),
            "has 3 axes, expected one image batch"
        );
        AssertFault(
            "graph_v2",
            json =>
            {
                var second = Node(json, "input").DeepClone();
                second["name"] = "other";
                json["modelTopology"]!["node"]!.AsArray().Add(second);
                Node(json, "residual")["input"]![0] = "other";
            },
            "is a second input"
        );
    }

    [Theory]
    [InlineData("{\"a\":{\"name\":\"logits:0\"},\"b\":{\"name\":\"logits\"}}", "are one value")]
    [InlineData("{\"a\":7}", "expected Object")]
    [InlineData("{\"a\":{\"name\":\"nothing\"}}", "no node 'nothing'")]
    [InlineData("{\"a\":{\"name\":\"input:0\"}}", "has no nodes")]
    public void The_outputs_that_a_signature_names_are_checked(string outputs, string expected) =>
        AssertFault("graph_v2", json => json["signature"]!["outputs"] = JsonNode.Parse(outputs), expected);

    [Fact]
    public void Control_inputs_only_order_nodes()
    {
        var content = Edited("graph_v2", json => Node(json, "stem")["input"]!.AsArray().Add("^pool"));
        Assert.Equal(new FeatureShape(1, 1, 5), Read("graph_v2", content).Graph.Output);
    }

    [Fact]
    public void A_cancelled_token_ends_the_reading()
    {
        var path = TensorFlowGolden.PathOf("graph_v1", "model.json");
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => TfjsGraphModel.Read(path, null, cancelled));
    }

    [Fact]
    public void Mutated_files_are_read_or_refused()
    {
        const int caseCount = 700;
        var accepted = 0;
        foreach (var name in _names)
        {
            byte[][] seeds = [Edited(name, _ => { })];
            accepted += Mutation.Run(seeds, caseCount, content => Read(name, content));
        }
        Assert.InRange(accepted, 1, _names.Length * caseCount - 1);
    }

    [Fact]
    public void Files_with_another_value_in_one_place_are_read_or_refused()
    {
        const int caseCount = 3000;
        var accepted = 0;
        foreach (var name in _names)
        {
            byte[][] seeds = [Edited(name, _ => { })];
            accepted += Mutation.RunJson(seeds, caseCount, content => Read(name, content));
        }
        Assert.InRange(accepted, 1, _names.Length * caseCount - 1);
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\u00ff")] // as Latin-1 has it: a byte that is no UTF-8
    public void A_text_that_is_none_is_an_error_that_says_where(string text)
    {
        var json = File.ReadAllText(TensorFlowGolden.PathOf("graph_v1", "model.json"));
        var at = json.IndexOf("\"U0FNRQ==\"", StringComparison.Ordinal);
        var edited = json.Replace("U0FNRQ==", text, StringComparison.Ordinal);
        var content = Encoding.Latin1.GetBytes(edited);
        var fault = Assert.Throws<ModelFormatException>(() => Read("graph_v1", content));
        Assert.Contains($"the text at byte {at} is no Unicode", fault.Message, StringComparison.Ordinal);
        Assert.Contains("convert the model", fault.Message, StringComparison.Ordinal);
    }

    private static int Rank(Activation activation) =>
        activation.Kind switch
        {
            ActivationKind.HardSwish => 0,
            ActivationKind.Silu => 1,
            ActivationKind.Relu => 2,
            _ => 3,
        };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static JsonNode Node(JsonNode json, string name) =>
        json["modelTopology"]!["node"]!.AsArray().Single(node => (string?)node!["name"] == name)!;

    private static JsonNode Weight(JsonNode json, string name) =>
        json["weightsManifest"]![0]!["weights"]!.AsArray().Single(weight => (string?)weight!["name"] == name)!;

    private static byte[] Edited(string golden, Action<JsonNode> edit)
    {
        var json = JsonNode.Parse(File.ReadAllText(TensorFlowGolden.PathOf(golden, "model.json")))!;
        edit(json);
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    private static Model Read(string golden, byte[] content, Extent? resolution = null)
    {
        using var document = TfjsDocument.Parse(content, TensorFlowGolden.PathOf(golden, "model.json"));
        return TfjsGraphModel.Read(document, resolution, CancellationToken.None);
    }

    private static void AssertFault(string golden, Action<JsonNode> edit, params string[] expected)
    {
        var fault = Assert.Throws<ModelFormatException>(() => Read(golden, Edited(golden, edit)));
        Assert.All(expected, part => Assert.Contains(part, fault.Message, StringComparison.Ordinal));
    }
}
