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

    [Theory]
    [InlineData(1)] // Float
    [InlineData(7)] // Int64
    public void Elements_that_are_no_fields_are_an_error_that_names_the_tensor(int type)
    {
        var file = new GraphFile().Node("Add", "x w", "y");
        // A field of number 0 and a whole number, which no message has.
        byte[] tensor = [.. OnnxGraphWriter.TensorMessage(type, [1]).Add(8, "w").ToArray(), 0, 0];
        file.Writer.Raw(5, tensor);
        file.AssertFault("'w'", "The file is damaged");
    }

    [Fact]
    public void Another_resolution_than_the_file_has_is_an_error_that_says_where_it_may_be_from()
    {
        var options = new OnnxReadOptions { Resolution = new(6, 48) };
        var fault = Assert.Throws<ModelFormatException>(() => Relu.Read(options));
        Assert.Contains(
            "has Width 5, but 48 was asked for, by a resolution or by the size of the images.",
            fault.Message,
            StringComparison.Ordinal
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
    public void Outputs_that_are_one_value_are_an_error_that_names_them() =>
        Relu.Node("Identity", "y", "z")
            .Output("y", null, 4, 6, 5)
            .Output("z", null, 4, 6, 5)
            .AssertFault("'y', 'z' are one value");

    [Fact]
    public void A_graph_without_output_is_an_error() => Relu.WithoutOutput().AssertFault("no output");

    [Fact]
    public void A_second_output_that_nothing_produces_is_an_error() =>
        Relu.Output("y", null, 4, 6, 5).Output("z", null, 4, 6, 5).AssertFault("no node produces the output 'z'");

    [Fact]
    public void A_chain_of_derived_constants_takes_neither_stack_nor_the_square_of_its_length()
    {
        var file = new GraphFile().Floats("w0", [1, 1], _ => 3);
        const int length = 20_000;
        for (var i = 0; i < length; i++)
        {
            file.Node("Transpose", $"w{i}", $"w{i + 1}");
        }
        file.Node("Identity", "x", "i").Node("Mul", $"i w{length}", "y");
        var bytes = file.ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var model = OnnxModel.Read(bytes, "net.onnx");
        Assert.Equal(3, model.Weights.Tensors.Values.Max(tensor => tensor.Data.Span[0]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8000L * length);
    }

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
        var model = OnnxModel.Read(file, "net.onnx", new() { Resolution = new(7, 9) });
        Assert.Equal(new FeatureShape(7, 9, 4), model.Graph.Input);
    }

    [Fact]
    public void Symbolic_channels_are_those_of_a_picture()
    {
        var file = Relu.Input(null, null, null, 5).ToArray();
        var model = OnnxModel.Read(file, "net.onnx", new() { Resolution = new(7, 5) });
        Assert.Equal(new FeatureShape(7, 5, 3), model.Graph.Input);
    }

    [Fact]
    public void A_given_size_must_agree_with_the_file()
    {
        var file = Relu.ToArray();
        var options = new OnnxReadOptions { Resolution = new(7, 5) };
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
        file.AssertFault("'w'", "external data", "from memory", "by its path", "onnx.save");
    }

    [Fact]
    public void Quantised_weights_are_refused_by_name()
    {
        var file = new GraphFile().Node("Conv", "x w", "y");
        file.Writer.Raw(5, OnnxGraphWriter.TensorMessage(3, [2, 4, 1, 1]).Add(8, "w").Add(9, new byte[8]).ToArray());
        file.AssertFault("'w'", "Int8", "float32");
    }

    [Theory]
    [InlineData(new long[] { 1, 2 }, "do not add up")]
    [InlineData(new long[] { 0, 4 }, "do not add up")]
    [InlineData(new long[] { -1, 5 }, "do not add up")]
    [InlineData(new long[] { 4 }, "2 parts of [4]")]
    [InlineData(new[] { long.MaxValue, long.MaxValue }, "do not add up")]
    public void Parts_of_a_split_must_add_up(long[] sizes, string expected)
    {
        var file = new GraphFile().Integers("sizes", sizes);
        file.Writer.Node("Split", "s", ["x", "sizes"], ["y", "b"], ("axis", 1L));
        file.AssertFault("'s' (Split)", expected);
    }

    [Fact]
    public void A_split_into_more_parts_than_channels_is_an_error()
    {
        var file = new GraphFile();
        file.Writer.Node("Split", "s", ["x"], ["y", "b", "c", "d", "e"], ("axis", 1L));
        file.AssertFault("'s' (Split)", "[1, 1, 1, 1, 0]");
    }

    [Theory]
    [InlineData(2L, "joins axis 2")]
    [InlineData(-1L, "joins axis 3")]
    [InlineData(-5L, "axis -5")]
    [InlineData(long.MinValue, "axis -9223372036854775808")]
    public void Only_channels_are_joined(long axis, string expected) =>
        new GraphFile().Node("Concat", "x x", "y", ("axis", axis)).AssertFault("'y' (Concat)", expected);

    [Fact]
    public void A_concatenation_without_axis_is_an_error() =>
        new GraphFile().Node("Concat", "x x", "y").AssertFault("'y' (Concat)", "no axis");

    [Fact]
    public void Joined_values_must_have_one_height_and_width() =>
        new GraphFile()
            .Node("MaxPool", "x", "p", ("kernel_shape", new long[] { 2, 2 }))
            .Node("Concat", "x p", "y", ("axis", 1L))
            .AssertFault("'y'", "6x5x4 and 5x4x4", "must be equal");

    [Fact]
    public void Joined_values_must_have_one_order_of_axes() =>
        new GraphFile()
            .Node("Transpose", "x", "t", ("perm", new long[] { 0, 1, 3, 2 }))
            .Node("Concat", "x t", "y", ("axis", 1L))
            .AssertFault("'y' (Concat)", "[N, 4, 6, 5] and [N, 4, 5, 6]");

    [Fact]
    public void Channels_that_grow_without_limit_are_an_error()
    {
        var file = new GraphFile();
        var last = "x";
        for (var i = 0; i < 60; i++)
        {
            file.Node("Concat", $"{last} {last}", last = i == 59 ? "y" : $"c{i}", ("axis", 1L));
        }
        file.AssertFault("channels", "at most 1048576");
    }

    [Theory]
    [InlineData(4L, 9L, 1L, 1L, "0 channels")]
    [InlineData(3L, 1L, 1L, 1L, "0 channels")]
    [InlineData(0L, 3L, 2L, 1L, "slices axis 2")]
    [InlineData(0L, 3L, 0L, 1L, "slices axis 0")]
    [InlineData(1L, long.MaxValue, 0L, 1L, "slices axis 0")]
    [InlineData(0L, 3L, 1L, 2L, "with a step")]
    [InlineData(3L, long.MinValue, 1L, -1L, "with a step")]
    [InlineData(0L, 3L, 4L, 1L, "axis 4")]
    public void Slices_must_be_of_channels(long start, long end, long axis, long step, string expected) =>
        new GraphFile()
            .Integers("s", start)
            .Integers("e", end)
            .Integers("a", axis)
            .Integers("t", step)
            .Node("Slice", "x s e a t", "y")
            .AssertFault("'y'", expected);

    [Fact]
    public void Bounds_of_a_slice_must_come_in_pairs() =>
        new GraphFile()
            .Integers("s", 0, 0)
            .Integers("e", 1)
            .Node("Slice", "x s e", "y")
            .AssertFault("'y' (Slice)", "2 starts, 1 ends");

    [Theory]
    [InlineData(new long[] { 0, 2, 2, 6, 5 }, new long[] { 0, 2, 1, 4, 3 }, new long[] { 0, 4, 6, 5 }, "perm")]
    [InlineData(new long[] { 0, 2, 2, 6, 5 }, new long[] { 0, 2, 1, 3, 4 }, new long[] { 0, 8, 3, 5 }, "two axes")]
    [InlineData(new long[] { 0, 2, 2, 5, 6 }, new long[] { 0, 2, 1, 3, 4 }, new long[] { 0, 4, 6, 5 }, "reshapes")]
    [InlineData(new long[] { 0, 3, 2, 6, 5 }, new long[] { 0, 2, 1, 3, 4 }, new long[] { 0, 4, 6, 5 }, "elements")]
    public void What_resembles_a_channel_shuffle_is_refused(
        long[] split,
        long[] order,
        long[] joined,
        string expected
    ) =>
        new GraphFile()
            .Integers("split", split)
            .Integers("joined", joined)
            .Node("Reshape", "x split", "a")
            .Node("Transpose", "a", "b", ("perm", order))
            .Node("Reshape", "b joined", "y")
            .AssertFault(expected);

    [Fact]
    public void Half_a_channel_shuffle_is_refused() =>
        new GraphFile()
            .Integers("split", 0, 2, 2, 6, 5)
            .Node("Reshape", "x split", "a")
            .Node("Relu", "a", "y")
            .AssertFault("'a' (Reshape)", "two axes", "channel shuffle");

    [Theory]
    [InlineData("Div", 0L, "by zero")]
    [InlineData("Mul", long.MaxValue, "64 bits")]
    public void Shapes_that_cannot_be_computed_are_an_error(string operation, long number, string expected) =>
        new GraphFile()
            .Integers("n", number)
            .Integers("four", 4, 4, 4, 4)
            .Node(operation, "four n", "s")
            .Node("Reshape", "x s", "y")
            .AssertFault($"'s' ({operation})", expected);

    [Fact]
    public void The_size_of_the_batch_is_not_computed_with() =>
        new GraphFile()
            .Integers("two", 2)
            .Node("Shape", "x", "s")
            .Node("Mul", "s two", "t")
            .Node("Reshape", "x t", "y")
            .AssertFault("'t' (Mul)", "size of the batch");

    [Fact]
    public void Whole_numbers_of_two_lengths_are_not_combined() =>
        new GraphFile()
            .Integers("a", 1, 2)
            .Integers("b", 1, 2, 3)
            .Node("Add", "a b", "s")
            .Node("Reshape", "x s", "y")
            .AssertFault("'s' (Add)", "2 and 3");

    [Theory]
    [InlineData(3L)]
    [InlineData(0L)]
    [InlineData(-2L)]
    [InlineData(1L << 62)]
    public void Groups_must_divide_the_channels(long groups) =>
        new GraphFile()
            .Floats("w", 8, 4, 1, 1)
            .Node("Conv", "x w", "y", ("group", groups))
            .AssertFault("'y' (Conv)", "groups");

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
