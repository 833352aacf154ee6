using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Tests.Onnx;

public class OnnxOperatorTests
{
    private const float MaxFloat = float.MaxValue;

    [Fact]
    public void Clip_from_zero_to_six_is_Relu6() =>
        AssertActivation(new GraphFile(9).Node("Clip", "x", "y", ("min", 0f), ("max", 6f)), Activation.Relu6);

    [Fact]
    public void Clip_from_zero_is_Relu() =>
        AssertActivation(new GraphFile(9).Node("Clip", "x", "y", ("min", 0f), ("max", MaxFloat)), Activation.Relu);

    [Fact]
    public void Clip_with_one_bound_as_input_is_Relu() =>
        AssertActivation(new GraphFile(13).Scalar("zero", 0).Node("Clip", "x zero", "y"), Activation.Relu);

    [Fact]
    public void Clip_without_bounds_is_nothing() =>
        Assert.IsType<ActivationLayer>(
            Assert.Single(new GraphFile(9).Node("Clip", "x", "a").Node("Relu", "a", "y").Layers())
        );

    [Fact]
    public void Clip_to_other_bounds_is_named() =>
        new GraphFile(9).Node("Clip", "x", "y", ("min", -1f), ("max", 1f)).AssertFault("'y' (Clip)", "[-1, 1]");

    [Theory]
    [InlineData("Max", "x zero", "Min", "a six")]
    [InlineData("Min", "six x", "Max", "zero a")]
    public void A_value_between_two_bounds_is_Relu6(string first, string inputs, string second, string others) =>
        AssertActivation(
            new GraphFile().Scalar("zero", 0).Scalar("six", 6).Node(first, inputs, "a").Node(second, others, "y"),
            Activation.Relu6
        );

    [Fact]
    public void A_value_above_zero_is_Relu_for_whoever_reads_it()
    {
        var file = new GraphFile()
            .Scalar("zero", 0)
            .Scalar("six", 6)
            .Node("Max", "x zero", "a")
            .Node("Min", "a six", "b")
            .Node("Add", "a b", "y");
        var activations = file.Layers().OfType<ActivationLayer>().Select(layer => layer.Activation).ToHashSet();
        Assert.Equal([Activation.Relu6, Activation.Relu], activations);
    }

    [Fact]
    public void Hard_swish_of_two_bounds_is_recognised() =>
        AssertActivation(
            new GraphFile()
                .Scalar("zero", 0)
                .Scalar("three", 3)
                .Scalar("six", 6)
                .Node("Add", "x three", "a")
                .Node("Max", "a zero", "b")
                .Node("Min", "b six", "c")
                .Node("Mul", "c x", "d")
                .Node("Div", "d six", "y"),
            Activation.HardSwish
        );

    [Fact]
    public void Other_bounds_are_named()
    {
        new GraphFile(9).Node("Clip", "x", "y", ("min", float.NaN)).AssertFault("'y' (Clip)", "clips to [NaN, ");
        new GraphFile().Scalar("six", 6).Node("Min", "x six", "y").AssertFault("'y' (Min)", "clips to [", ", 6]");
        new GraphFile().Node("Relu", "x", "r").Node("Max", "x r", "y").AssertFault("'y' (Max)", "with each other");
    }

    [Fact]
    public void A_sum_of_several_values_is_added_one_after_the_other() =>
        Assert.Equal(
            ["ActivationLayer", "AddLayer", "ActivationLayer", "AddLayer"],
            Kinds(new GraphFile().Node("Relu", "x", "a").Node("Sigmoid", "x", "b").Node("Sum", "a x b", "y"))
        );

    [Fact]
    public void Hard_sigmoid_keeps_its_slope() =>
        AssertActivation(new GraphFile().Node("HardSigmoid", "x", "y"), Activation.HardSigmoid(0.2f));

    [Fact]
    public void Hard_sigmoid_with_another_offset_is_named() =>
        new GraphFile().Node("HardSigmoid", "x", "y", ("beta", 0.4f)).AssertFault("'y' (HardSigmoid)", "beta 0.4");

    [Fact]
    public void Hard_sigmoid_of_slope_one_fifth_times_its_input_is_a_gate_and_not_hard_swish()
    {
        var file = new GraphFile()
            .Node("GlobalAveragePool", "x", "p")
            .Node("HardSigmoid", "p", "g")
            .Node("Mul", "p g", "y");
        Assert.Equal(["GlobalAveragePoolLayer", "ActivationLayer", "ScaleLayer"], Kinds(file));
    }

    [Fact]
    public void A_decomposed_hard_sigmoid_is_recognised() =>
        AssertActivation(
            new GraphFile(9)
                .Scalar("three", 3)
                .Scalar("six", 6)
                .Node("Add", "three x", "a")
                .Node("Clip", "a", "b", ("min", 0f), ("max", 6f))
                .Node("Div", "b six", "y"),
            Activation.HardSigmoid()
        );

    [Fact]
    public void A_hard_sigmoid_whose_clip_is_in_two_pieces_is_recognised() =>
        AssertActivation(
            new GraphFile(9)
                .Scalar("three", 3)
                .Scalar("six", 6)
                .Node("Add", "x three", "a")
                .Node("Relu", "a", "b")
                .Node("Clip", "b", "c", ("max", 6f))
                .Node("Div", "c six", "y"),
            Activation.HardSigmoid()
        );

    [Fact]
    public void A_relu_of_a_sum_with_three_alone_is_just_that() =>
        Assert.Collection(
            new GraphFile(9).Scalar("three", 3).Node("Add", "x three", "a").Node("Relu", "a", "y").Layers(),
            layer => Assert.IsType<BatchNormLayer>(layer),
            layer => Assert.Equal(Activation.Relu, Assert.IsType<ActivationLayer>(layer).Activation)
        );

    [Fact]
    public void Hard_swish_multiplied_by_a_sixth_is_recognised() =>
        AssertActivation(
            new GraphFile(9)
                .Scalar("three", 3)
                .Scalar("sixth", 1f / 6)
                .Node("Add", "x three", "a")
                .Node("Clip", "a", "b", ("min", 0f), ("max", 6f))
                .Node("Mul", "b x", "c")
                .Node("Mul", "sixth c", "y"),
            Activation.HardSwish
        );

    [Fact]
    public void A_decomposed_hard_swish_with_another_divisor_is_named() =>
        new GraphFile(9)
            .Scalar("three", 3)
            .Scalar("five", 5)
            .Node("Add", "x three", "a")
            .Node("Clip", "a", "b", ("min", 0f), ("max", 6f))
            .Node("Mul", "b x", "c")
            .Node("Div", "c five", "y")
            .AssertFault("'y' (Div)", "0.2", "divide by 6");

    [Fact]
    public void Scalars_become_a_normalization_per_channel()
    {
        // (x - 127.5) / 127.5, as networks that take bytes begin.
        var model = new GraphFile().Scalar("mean", 127.5f).Node("Sub", "x mean", "a").Node("Div", "a mean", "y").Read();
        var layer = Assert.IsType<BatchNormLayer>(Assert.Single(model.Graph.Layers));
        Assert.Equal(0, layer.Epsilon);
        Assert.All(model.Weights[layer.Statistics.Scale].Data.ToArray(), value => Assert.Equal(1 / 127.5f, value));
        Assert.All(model.Weights[layer.Statistics.Offset].Data.ToArray(), value => Assert.Equal(-1, value));
        Assert.All(model.Weights[layer.Statistics.Mean].Data.ToArray(), value => Assert.Equal(0, value));
        Assert.All(model.Weights[layer.Statistics.Variance].Data.ToArray(), value => Assert.Equal(1, value));
    }

    [Theory]
    [InlineData("Mul", 1f, 0f)]
    [InlineData("Add", 0f, 1f)]
    [InlineData("Sub", 0f, -1f)]
    public void Vectors_become_a_normalization_per_channel(string operation, float scaled, float shifted)
    {
        var model = new GraphFile().Floats("v", [1, 4, 1, 1], i => i + 2).Node(operation, "x v", "y").Read();
        var layer = Assert.IsType<BatchNormLayer>(Assert.Single(model.Graph.Layers));
        var scale = model.Weights[layer.Statistics.Scale].Data.ToArray();
        var offset = model.Weights[layer.Statistics.Offset].Data.ToArray();
        Assert.Equal([2f, 3f, 4f, 5f], scaled != 0 ? scale : Array.ConvertAll(offset, value => value / shifted));
    }

    [Fact]
    public void Division_by_a_vector_multiplies_by_its_reciprocals()
    {
        var model = new GraphFile().Floats("v", [4, 1, 1], i => 1 << i).Node("Div", "x v", "y").Read();
        var layer = Assert.IsType<BatchNormLayer>(Assert.Single(model.Graph.Layers));
        Assert.Equal([1f, 0.5f, 0.25f, 0.125f], model.Weights[layer.Statistics.Scale].Data.ToArray());
    }

    [Fact]
    public void A_vector_along_another_axis_than_the_channels_is_named() =>
        new GraphFile().Floats("v", 5).Node("Add", "x v", "y").AssertFault("'y' (Add)", "'v' [5]");

    [Theory]
    [InlineData("x v")]
    [InlineData("v x")]
    public void A_sum_with_a_constant_per_channel_is_an_offset(string inputs)
    {
        var model = new GraphFile().Floats("v", [4, 1, 1], i => i).Node("Sum", inputs, "y").Read();
        var layer = Assert.IsType<BatchNormLayer>(Assert.Single(model.Graph.Layers));
        Assert.Equal([0f, 1, 2, 3], model.Weights[layer.Statistics.Offset].Data.ToArray());
    }

    [Theory]
    [InlineData("Sum", "x v")]
    [InlineData("Sum", "x x v")]
    [InlineData("Add", "v x")]
    public void Adding_a_whole_array_is_named_as_not_supported(string operation, string inputs) =>
        new GraphFile()
            .Floats("v", 4, 6, 5)
            .Node(operation, inputs, "y")
            .AssertFault($"'y' ({operation})", "'v'", "not supported");

    [Fact]
    public void A_vector_added_after_a_convolution_is_its_bias()
    {
        var model = new GraphFile()
            .Floats("w", 3, 4, 1, 1)
            .Floats("b", [3, 1, 1], i => i)
            .Node("Conv", "x w", "c")
            .Node("Add", "c b", "y")
            .Read();
        var layer = Assert.IsType<ConvolutionLayer>(Assert.Single(model.Graph.Layers));
        Assert.Equal([0f, 1f, 2f], model.Weights[layer.Bias!].Data.ToArray());
    }

    [Fact]
    public void A_bias_is_not_folded_into_a_convolution_that_others_read_too()
    {
        var file = new GraphFile()
            .Floats("w", 3, 4, 1, 1)
            .Floats("b", 3, 1, 1)
            .Node("Conv", "x w", "c")
            .Node("Add", "c b", "d")
            .Node("Add", "c d", "y");
        Assert.Equal(["ConvolutionLayer", "BatchNormLayer", "AddLayer"], Kinds(file));
    }

    [Fact]
    public void Products_of_two_feature_maps_are_named() =>
        new GraphFile().Node("Relu", "x", "a").Node("Mul", "x a", "y").AssertFault("'y' (Mul)", "multiplies");

    [Fact]
    public void A_gate_may_be_the_first_factor()
    {
        var scale = Assert.IsType<ScaleLayer>(
            new GraphFile().Node("GlobalAveragePool", "x", "g").Node("Mul", "g x", "y").Layers()[^1]
        );
        Assert.Equal<IEnumerable<int>>([0, 1], [.. scale.Inputs]);
    }

    [Theory]
    [InlineData(11, 1L)]
    [InlineData(13, 1L)]
    [InlineData(13, -3L)]
    public void Softmax_is_over_the_channels(int opset, long axis)
    {
        var file = new GraphFile(opset).Node("GlobalAveragePool", "x", "p").Node("Softmax", "p", "y", ("axis", axis));
        Assert.IsType<SoftmaxLayer>(file.Layers()[^1]);
    }

    [Theory]
    [InlineData(11, 1L)] // Coerced to one long axis of channels and positions.
    [InlineData(13, -1L)]
    [InlineData(13, 2L)]
    public void Softmax_over_positions_is_named(int opset, long axis) =>
        new GraphFile(opset)
            .Node("Softmax", "x", "y", ("axis", axis))
            .AssertFault("'y' (Softmax)", "softmax over axis");

    [Fact]
    public void Softmax_over_channels_of_a_feature_map_is_read_from_operator_set_13() =>
        Assert.IsType<SoftmaxLayer>(Assert.Single(new GraphFile(13).Node("Softmax", "x", "y", ("axis", 1L)).Layers()));

    [Theory]
    [InlineData("training_mode", 1L)]
    [InlineData("spatial", 0L)]
    public void Normalization_by_the_batch_is_named(string attribute, long value) =>
        new GraphFile(14)
            .Floats("v", 4)
            .Node("BatchNormalization", "x v v v v", "y", (attribute, value))
            .AssertFault("'y' (BatchNormalization)", "eval mode");

    [Fact]
    public void Constant_nodes_of_numbers_are_read()
    {
        var model = new GraphFile(13)
            .Node("Constant", "", "two", ("value_float", 2f))
            .Node("Constant", "", "vector", ("value_floats", new[] { 1f, 2, 3, 4 }))
            .Node("Constant", "", "target", ("value_ints", new long[] { 1, 4, 1, 1 }))
            .Node("Reshape", "vector target", "channels")
            .Node("Mul", "x two", "a")
            .Node("Add", "a channels", "y")
            .Read();
        var statistics = model.Graph.Layers.Cast<BatchNormLayer>().Select(layer => layer.Statistics).ToArray();
        Assert.Equal([2f, 2, 2, 2], model.Weights[statistics[0].Scale].Data.ToArray());
        Assert.Equal([1f, 2, 3, 4], model.Weights[statistics[1].Offset].Data.ToArray());
    }

    [Fact]
    public void A_constant_of_another_kind_is_named() =>
        new GraphFile(13)
            .Node("Constant", "", "c", ("value_string", "a"))
            .Node("Add", "x c", "y")
            .AssertFault("'c' (Constant)");

    [Fact]
    public void Sums_of_constants_are_named() =>
        new GraphFile()
            .Scalar("a", 1)
            .Node("Add", "a a", "b")
            .Node("Add", "x b", "y")
            .AssertFault("'b' (Add)", "folding");

    [Theory]
    [InlineData("Sub", "subtracts")]
    [InlineData("Div", "divides")]
    public void Differences_and_quotients_of_computed_values_are_named(string operation, string expected) =>
        new GraphFile().Node("Relu", "x", "a").Node(operation, "x a", "y").AssertFault($"'y' ({operation})", expected);

    [Fact]
    public void An_additional_output_that_is_read_is_an_error()
    {
        var file = new GraphFile(11);
        file.Writer.Node("Dropout", "d", ["x"], ["d", "mask"]);
        file.Node("Relu", "mask", "y").AssertFault("'mask'", "additional output");
    }

    [Fact]
    public void Nodes_of_one_name_become_layers_of_different_names()
    {
        var file = new GraphFile();
        file.Writer.Node("HardSwish", "act", ["x"], ["a"]);
        file.Writer.Node("HardSwish", "act_2", ["a"], ["b"]);
        file.Writer.Node("HardSwish", "act", ["b"], ["c"]);
        file.Writer.Node("HardSwish", "", ["c"], ["y"]);
        Assert.Equal(["act", "act_2", "act_3", "y"], file.Layers().Select(layer => layer.Name));
    }

    private static void AssertActivation(GraphFile file, Activation expected) =>
        Assert.Equal(expected, Assert.IsType<ActivationLayer>(Assert.Single(file.Layers())).Activation);

    private static string[] Kinds(GraphFile file) => [.. file.Layers().Select(layer => layer.GetType().Name)];
}
