using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Network.Tests.Onnx;

public class OnnxHostileFileTests
{
    private static GraphFile Relu => new GraphFile().Node("Relu", "x", "y");

    [Fact]
    public void Every_cut_of_a_file_is_an_error()
    {
        var file = OnnxWriter.Write(SmallNetworks.V2(), new(9));
        // A cut between the graph and the operator set leaves a valid message without a version.
        Assert.All(
            Enumerable.Range(0, file.Length),
            length => Assert.Throws<ModelFormatException>(() => OnnxModel.Read(file.AsMemory(0, length), "cut.onnx"))
        );
    }

    [Fact]
    public void A_cyclic_graph_is_an_error() =>
        new GraphFile()
            .Node("Add", "x b", "a")
            .Node("Relu", "a", "b")
            .Node("Relu", "a", "y")
            .AssertFault("'b'", "cycle");

    [Fact]
    public void A_node_that_reads_itself_is_an_error() =>
        new GraphFile().Node("Add", "x y", "y").AssertFault("'y'", "cycle");

    [Fact]
    public void An_unsorted_graph_is_an_error() =>
        new GraphFile().Node("Relu", "a", "y").Node("Relu", "x", "a").AssertFault("'a'", "not sorted");

    [Fact]
    public void A_missing_input_is_an_error() =>
        new GraphFile().Node("Add", "x nothing", "y").AssertFault("'nothing'", "neither an input");

    [Fact]
    public void An_input_that_a_node_needs_but_lacks_is_an_error() =>
        new GraphFile().Node("Conv", "x", "y").AssertFault("'y' (Conv)", "no input 1");

    [Fact]
    public void An_empty_graph_is_an_error() => new GraphFile().AssertFault("no nodes");

    [Fact]
    public void A_graph_that_only_passes_its_input_on_is_an_error() =>
        new GraphFile().Node("Identity", "x", "y").AssertFault("is the input itself");

    [Fact]
    public void An_output_that_nothing_produces_is_an_error() =>
        new GraphFile().Node("Relu", "x", "a").AssertFault("no node produces the output 'y'");

    [Fact]
    public void A_constant_output_is_an_error() =>
        new GraphFile()
            .Floats("w", 2, 2)
            .Node("Relu", "x", "a")
            .Node("Identity", "w", "y")
            .AssertFault("is a constant");

    [Fact]
    public void Two_inputs_are_an_error_that_names_them() =>
        Relu.InputNamed("x", null, 4, 6, 5).InputNamed("mask", null, 4, 6, 5).AssertFault("2 inputs", "'x'", "'mask'");

    [Fact]
    public void Two_outputs_are_an_error_that_names_them() =>
        Relu.Node("Relu", "y", "z")
            .Output("y", null, 4, 6, 5)
            .Output("z", null, 4, 6, 5)
            .AssertFault("2 outputs", "'y'", "'z'");

    [Fact]
    public void A_name_produced_twice_is_an_error() =>
        Relu.Node("Sigmoid", "x", "y").AssertFault("'y'", "exists already");

    [Theory]
    [InlineData(new long[] { 1, 4, 6 }, "3 axes")]
    [InlineData(new long[] { 1, 4, 6, 5, 1 }, "5 axes")]
    [InlineData(new long[] { 1, 4, -6, 5 }, "Height -6")]
    [InlineData(new long[] { 1, 4, 0, 5 }, "Height 0")]
    [InlineData(new long[] { 1, 4, 6, long.MaxValue }, "Width 9223372036854775807")]
    [InlineData(new long[] { 1, 4, 1 << 20, 5 }, "Height 1048576")]
    public void The_input_must_be_an_image_batch(long[] dims, string expected) =>
        Relu.Input([.. dims.Select(size => (long?)size)]).AssertFault("'x'", expected);

    [Fact]
    public void Values_of_too_many_elements_are_an_error() =>
        Relu.Input(1, 65536, 65536, 65536).AssertFault("65536x65536x65536", "at most");

    [Fact]
    public void A_symbolic_size_must_be_given() =>
        Relu.Input(null, 4, null, null).AssertFault("symbolic", "--resolution HxW");

    [Fact]
    public void A_given_size_fills_symbolic_axes()
    {
        var file = Relu.Input(null, 4, null, null).ToArray();
        var model = OnnxModel.Read(file, "net.onnx", new() { Input = new(7, 9, 4) });
        Assert.Equal(new FeatureShape(7, 9, 4), model.Graph.Input);
    }

    [Fact]
    public void A_given_size_must_agree_with_the_file()
    {
        var file = Relu.ToArray();
        var options = new OnnxReadOptions { Input = new(7, 5, 4) };
        var fault = Assert.Throws<ModelFormatException>(() => OnnxModel.Read(file, "net.onnx", options));
        Assert.Contains("Height 6, but 7", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(22)]
    [InlineData(-1)]
    public void Other_operator_sets_are_refused_with_their_version(int opset) =>
        new GraphFile(opset).Node("Relu", "x", "y").AssertFault($"operator set {opset}", "7 to 21");

    [Fact]
    public void A_file_without_operator_set_is_refused() =>
        new GraphFile(0).Node("Relu", "x", "y").AssertFault("names no version");

    [Fact]
    public void All_unsupported_operators_are_named_at_once() =>
        new GraphFile()
            .Node("LogSoftmax", "x", "a")
            .Node("LSTM", "a", "b")
            .Node("LSTM", "b", "c")
            .Node("Frobnicate", "c", "y")
            .AssertFault("3 operators", "'a' (LogSoftmax)", "logits", "'b' (LSTM) and 1 more", "'y' (Frobnicate)");

    [Fact]
    public void Operators_of_other_domains_are_unsupported()
    {
        var node = new MessageWriter().Add(1, "x").Add(2, "y").Add(4, "FusedConv").Add(7, "com.microsoft");
        var file = new GraphFile();
        file.Writer.Raw(1, node.ToArray());
        file.AssertFault("'y' (FusedConv)", "com.microsoft");
    }

    [Fact]
    public void Nodes_that_the_output_does_not_need_are_left_out()
    {
        var layers = Relu.Node("LogSoftmax", "x", "unused").Layers();
        Assert.Single(layers);
    }

    [Fact]
    public void Weights_that_do_not_fit_their_input_are_an_error() =>
        new GraphFile()
            .Floats("w", 8, 3, 1, 1)
            .Node("Conv", "x w", "y")
            .AssertFault("'y' (Conv)", "[8, 3, 1, 1]", "4/groups");

    [Fact]
    public void Statistics_that_do_not_fit_are_an_error() =>
        new GraphFile()
            .Floats("a", 4)
            .Floats("b", 5)
            .Node("BatchNormalization", "x a b a a", "y")
            .AssertFault("'b' [5]", "[4]");

    [Fact]
    public void Summands_of_different_shapes_are_an_error() =>
        new GraphFile()
            .Node("GlobalAveragePool", "x", "p")
            .Node("Add", "x p", "y")
            .AssertFault("[N, 4, 6, 5]", "[N, 4, 1, 1]");

    [Fact]
    public void A_window_larger_than_its_input_is_an_error() =>
        new GraphFile().Floats("w", 2, 4, 7, 7).Node("Conv", "x w", "y").AssertFault("7x7", "does not fit");

    [Fact]
    public void An_output_declared_with_another_shape_is_an_error() =>
        Relu.Output("y", null, 4, 6, 6).AssertFault("declared as [?, 4, 6, 6]", "[N, 4, 6, 5]");

    [Theory]
    [InlineData(new long[] { -2, 4 }, "[-2, 4]")]
    [InlineData(new long[] { 0, 4 }, "[0, 4]")]
    [InlineData(new[] { 1L << 40, 1L << 40 }, "2^31")]
    [InlineData(new long[] { 3, 4 }, "its axes ask for 12")]
    public void Tensor_axes_must_fit_the_elements(long[] dims, string expected)
    {
        var file = new GraphFile().Node("Conv", "x w", "y");
        file.Writer.Raw(5, OnnxGraphWriter.TensorMessage(1, dims).Add(8, "w").Add(9, new byte[32]).ToArray());
        file.AssertFault("'w'", expected);
    }

    [Fact]
    public void External_data_is_refused_with_the_remedy()
    {
        var file = new GraphFile().Node("Conv", "x w", "y");
        file.Writer.Raw(5, OnnxGraphWriter.TensorMessage(1, [2, 4, 1, 1]).Add(8, "w").Add(14, 1L).ToArray());
        file.AssertFault("'w'", "external data", "onnx.save");
    }

    [Fact]
    public void Half_precision_weights_are_refused_by_name()
    {
        var file = new GraphFile().Node("Conv", "x w", "y");
        file.Writer.Raw(5, OnnxGraphWriter.TensorMessage(10, [2, 4, 1, 1]).Add(8, "w").Add(9, new byte[16]).ToArray());
        file.AssertFault("'w'", "Float16", "float32");
    }

    [Fact]
    public void Two_initializers_of_one_name_are_an_error()
    {
        var file = Relu;
        var tensor = OnnxGraphWriter.TensorMessage(1, []).Add(8, "w").Add(9, new byte[4]).ToArray();
        file.Writer.Raw(5, tensor);
        file.Writer.Raw(5, tensor);
        file.AssertFault("two constants", "'w'");
    }

    [Fact]
    public void Constants_that_grow_without_limit_are_an_error()
    {
        var file = new GraphFile().Floats("w0", 1000, 1000);
        for (var i = 0; i < 100; i++)
        {
            file.Node("Transpose", $"w{i}", $"w{i + 1}");
        }
        file.Node("Add", "x w100", "y").AssertFault("constants grow");
    }

    [Fact]
    public void Shapes_that_grow_without_limit_are_an_error()
    {
        var file = new GraphFile().Integers("s0", 1, 1);
        for (var i = 0; i < 60; i++)
        {
            file.Node("Concat", $"s{i} s{i}", $"s{i + 1}", ("axis", 0L));
        }
        file.Node("Reshape", "x s60", "y").AssertFault("1024 integers");
    }

    [Fact]
    public void Deeply_nested_groups_are_an_error()
    {
        var groups = Enumerable.Repeat((byte)0x0B, 100_000).ToArray();
        Assert.Throws<ModelFormatException>(() => OnnxModel.Read(groups, "groups.onnx"));
    }

    [Fact]
    public void A_length_beyond_the_parent_message_is_an_error()
    {
        // graph (7) of 4 bytes, whose node (1) claims 100.
        byte[] file = [0x3A, 4, 0x0A, 100, 1, 2, .. new byte[200]];
        Assert.Throws<ModelFormatException>(() => OnnxModel.Read(file, "length.onnx"));
    }

    [Fact]
    public void A_graph_encoded_as_a_number_is_an_error() =>
        Assert.Throws<ModelFormatException>(() => OnnxModel.Read(new byte[] { 0x38, 1 }, "number.onnx"));

    [Theory]
    [InlineData("kernel_shape", new long[] { 0, 1 })]
    [InlineData("kernel_shape", new long[] { 2 })]
    [InlineData("kernel_shape", new[] { long.MaxValue, 1 })]
    [InlineData("strides", new long[] { 0, 0 })]
    [InlineData("strides", new long[] { -1, 1 })]
    [InlineData("pads", new long[] { 1, 1 })]
    [InlineData("pads", new long[] { -1, 0, 0, 0 })]
    [InlineData("pads", new[] { 0, 0, 0, long.MaxValue })]
    [InlineData("pads", new long[] { 2, 0, 0, 0 })]
    public void Windows_must_have_sizes(string attribute, long[] sizes)
    {
        (string, object)[] attributes =
            attribute == "kernel_shape"
                ? [(attribute, sizes)]
                : [("kernel_shape", new long[] { 2, 2 }), (attribute, sizes)];
        new GraphFile().Node("MaxPool", "x", "y", attributes).AssertFault("'y' (MaxPool)");
    }
}
