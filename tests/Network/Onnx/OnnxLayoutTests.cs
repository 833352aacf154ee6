using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Tests.Onnx;

/// <summary>Flattening in the forms that exporters write; what is flattened is the pooled input, [N, 4, 1, 1].</summary>
public class OnnxLayoutTests
{
    private static readonly long[] _transposed = [1, 0];

    [Fact]
    public void Flatten_is_no_layer() => AssertClassifier(Pooled(17).Node("Flatten", "p", "f"));

    [Fact]
    public void Flatten_counts_a_negative_axis_from_the_end() =>
        AssertClassifier(Pooled(17).Node("Flatten", "p", "f", ("axis", -3L)));

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(-2)]
    [InlineData(-4)]
    [InlineData(-5)]
    public void Flattening_away_the_batch_or_at_no_axis_is_named(long axis) =>
        Pooled(17).Node("Flatten", "p", "y", ("axis", axis)).AssertFault("'y' (Flatten)", $"axis {axis}");

    [Fact]
    public void Squeeze_by_attribute_is_no_layer() =>
        AssertClassifier(Pooled(11).Node("Squeeze", "p", "f", ("axes", new long[] { 2, 3 })));

    [Fact]
    public void Squeeze_by_input_is_no_layer() =>
        AssertClassifier(Pooled(13).Integers("axes", -1, -2).Node("Squeeze", "p axes", "f"));

    [Theory]
    [InlineData(new long[] { 0, -1 })]
    [InlineData(new long[] { -1, 4 })]
    [InlineData(new long[] { 0, 4 })]
    public void Reshape_to_a_constant_is_no_layer(long[] target) =>
        AssertClassifier(Pooled(17).Integers("target", target).Node("Reshape", "p target", "f"));

    [Fact]
    public void Reshape_of_the_fixed_batch_is_no_layer() =>
        AssertClassifier(Pooled(17).Input(1, 4, 6, 5).Integers("target", 1, -1).Node("Reshape", "p target", "f"));

    [Theory]
    [InlineData(new long[] { 1, -1 })]
    [InlineData(new long[] { -1, 8 })]
    [InlineData(new long[] { -1, -1 })]
    [InlineData(new long[] { 2, 2 })]
    [InlineData(new long[] { 0, 5 })]
    [InlineData(new long[] { 0, 0, 0, 0, 0 })]
    [InlineData(new long[] { 0, 4, long.MaxValue })]
    public void Reshape_that_mixes_images_or_loses_elements_is_an_error(long[] target) =>
        Pooled(17).Integers("target", target).Node("Reshape", "p target", "y").AssertFault("'y' (Reshape)");

    [Fact]
    public void Flattening_several_positions_is_named() =>
        new GraphFile().Node("Flatten", "x", "y").AssertFault("'y' (Flatten)", "Pool");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_linear_layer_on_a_flattened_map_is_a_convolution_of_its_size(bool isChannelsLast)
    {
        var file = new GraphFile().Floats("w", [3, 120], i => i % 113).Floats("b", 3);
        _ = isChannelsLast
            ? file.Node("Transpose", "x", "t", ("perm", new long[] { 0, 2, 3, 1 }))
                .Integers("target", -1, 120)
                .Node("Reshape", "t target", "f")
                .Node("Flatten", "f", "g")
            : file.Node("Flatten", "x", "g");
        var model = file.Node("Gemm", "g w b", "y", ("transB", 1L)).Read();
        var layer = Assert.IsType<ConvolutionLayer>(Assert.Single(model.Graph.Layers));
        Assert.Equal(new FeatureShape(1, 1, 3), layer.Output);
        var weights = model.Weights[layer.Weight];
        Assert.Equal<int>([3, 4, 6, 5], weights.Shape);
        var at = 0;
        for (
            var (output, channel) = (0, 0);
            output < 3;
            (output, channel) = channel < 3 ? (output, channel + 1) : (output + 1, 0)
        )
        {
            for (var position = 0; position < 30; position++)
            {
                var place = isChannelsLast ? position * 4 + channel : channel * 30 + position;
                Assert.Equal((output * 120 + place) % 113, weights.Data.Span[at++]);
            }
        }
    }

    [Fact]
    public void The_bias_of_a_linear_layer_on_a_flattened_map_may_be_added_after_it()
    {
        var file = new GraphFile().Floats("w", 120, 3).Floats("b", 3);
        file.Node("Flatten", "x", "f").Node("Dropout", "f", "d").Node("MatMul", "d w", "m").Node("Add", "m b", "y");
        Assert.NotNull(Assert.IsType<ConvolutionLayer>(Assert.Single(file.Layers())).Bias);
    }

    [Fact]
    public void A_linear_layer_for_another_map_is_an_error() =>
        new GraphFile()
            .Floats("w", 3, 119)
            .Node("Flatten", "x", "f")
            .Node("Gemm", "f w", "y", ("transB", 1L))
            .AssertFault("'y' (Gemm)", "for 119 inputs", "[N, 4, 6, 5]");

    [Fact]
    public void A_computed_shape_of_PyTorch_is_followed() =>
        AssertClassifier(
            Pooled(11)
                .Integers("minus", -1)
                .Node("Shape", "p", "s")
                .Node("Constant", "", "zero", ("value_int", 0L))
                .Node("Gather", "s zero", "g", ("axis", 0L))
                .Node("Unsqueeze", "g", "u", ("axes", new long[] { 0 }))
                .Node("Concat", "u minus", "target", ("axis", 0L))
                .Node("Reshape", "p target", "f")
        );

    [Fact]
    public void A_computed_shape_of_TensorFlow_is_followed() =>
        AssertClassifier(
            Pooled(13)
                .Integers("begin", 0)
                .Integers("one", 1)
                .Integers("end", 1)
                .Integers("four", 4)
                .Node("Shape", "p", "s64")
                .Node("Cast", "s64", "s", ("to", 6L))
                .Node("Slice", "s begin end begin one", "n")
                .Node("Concat", "n four", "t32", ("axis", 0L))
                .Node("Cast", "t32", "target", ("to", 7L))
                .Node("Reshape", "p target", "f")
        );

    [Fact]
    public void Part_of_a_shape_is_read_from_operator_set_15() =>
        AssertClassifier(
            Pooled(15)
                .Integers("minus", -1)
                .Node("Shape", "p", "n", ("start", 0L), ("end", 1L))
                .Node("Concat", "n minus", "target", ("axis", 0L))
                .Node("Reshape", "p target", "f")
        );

    [Theory]
    [InlineData(13, 1L)]
    [InlineData(13, 0L)]
    [InlineData(18, 1L)]
    [InlineData(18, 0L)]
    public void A_mean_over_rows_and_columns_is_global(int opset, long keepDims)
    {
        var file = new GraphFile(opset).Integers("axes", 2, 3);
        var mean =
            opset < 18
                ? file.Node("ReduceMean", "x", "y", ("axes", new long[] { -1, 2 }), ("keepdims", keepDims))
                : file.Node("ReduceMean", "x axes", "y", ("keepdims", keepDims));
        long?[] dims = keepDims == 0 ? [null, 4] : [null, 4, 1, 1];
        Assert.IsType<GlobalAveragePoolLayer>(Assert.Single(mean.Output("y", dims).Layers()));
    }

    [Theory]
    [InlineData(new long[] { 2 })]
    [InlineData(new long[] { 1, 2, 3 })]
    [InlineData(new long[0])]
    public void A_mean_over_other_axes_is_named(long[] axes) =>
        new GraphFile(13)
            .Node("ReduceMean", "x", "y", ("axes", axes))
            .AssertFault("'y' (ReduceMean)", "rows and columns");

    [Fact]
    public void An_image_batch_with_channels_last_is_transposed_away()
    {
        var file = new GraphFile()
            .Input(null, 6, 5, 4)
            .Node("Transpose", "x", "t", ("perm", new long[] { 0, 3, 1, 2 }))
            .Floats("w", 2, 4, 1, 1)
            .Node("Conv", "t w", "c")
            .Node("Transpose", "c", "n", ("perm", new long[] { 0, 2, 3, 1 }))
            .Floats("b", [2], i => i)
            .Node("Mul", "n b", "m")
            .Node("ReduceMean", "m", "y", ("axes", new long[] { 1, 2 }), ("keepdims", 0L))
            .Output("y", null, 2);
        var model = file.Read();
        Assert.Equal(new FeatureShape(6, 5, 4), model.Graph.Input);
        Assert.Equal(
            ["ConvolutionLayer", "BatchNormLayer", "GlobalAveragePoolLayer"],
            model.Graph.Layers.Select(layer => layer.GetType().Name)
        );
    }

    [Fact]
    public void An_output_in_another_order_is_an_error() =>
        new GraphFile()
            .Node("Transpose", "x", "y", ("perm", new long[] { 0, 2, 3, 1 }))
            .AssertFault("the input itself");

    [Fact]
    public void A_transposed_feature_map_as_output_is_an_error() =>
        new GraphFile()
            .Node("Relu", "x", "r")
            .Node("Transpose", "r", "y", ("perm", new long[] { 0, 2, 3, 1 }))
            .AssertFault("expected [N, C, H, W]");

    [Theory]
    [InlineData(new long[] { 1, 0, 2, 3 })]
    [InlineData(new long[] { 0, 1, 2 })]
    [InlineData(new long[] { 0, 1, 1, 3 })]
    [InlineData(new long[] { 0, 1, 2, 4 })]
    public void Transposes_of_the_batch_and_wrong_orders_are_errors(long[] order) =>
        new GraphFile().Node("Transpose", "x", "y", ("perm", order)).AssertFault("'y' (Transpose)");

    [Fact]
    public void Dropout_and_identity_are_no_layers() =>
        AssertClassifier(Pooled(11).Node("Dropout", "p", "d").Node("Identity", "d", "i").Node("Flatten", "i", "f"));

    [Fact]
    public void A_cast_to_float_is_no_layer() =>
        AssertClassifier(Pooled(13).Node("Cast", "p", "c", ("to", 1L)).Node("Flatten", "c", "f"));

    [Fact]
    public void A_cast_to_another_type_is_named() =>
        Pooled(13).Node("Cast", "p", "y", ("to", 10L)).AssertFault("'y' (Cast)", "Float16");

    [Fact]
    public void Gemm_scales_and_transposes_its_weights()
    {
        var model = Pooled(17)
            .Node("Flatten", "p", "f")
            .Floats("w", [4, 2], i => i)
            .Floats("b", [2], i => i + 1)
            .Node("Gemm", "f w b", "y", ("alpha", 2f), ("beta", 3f))
            .Read();
        var layer = Assert.IsType<LinearLayer>(model.Graph.Layers[^1]);
        Assert.Equal([0f, 4, 8, 12, 2, 6, 10, 14], model.Weights[layer.Weight].Data.ToArray());
        Assert.Equal([3f, 6], model.Weights[layer.Bias!].Data.ToArray());
    }

    [Fact]
    public void Gemm_of_a_scalar_bias_adds_it_everywhere()
    {
        var model = Pooled(17)
            .Node("Flatten", "p", "f")
            .Floats("w", 2, 4)
            .Scalar("b", 7)
            .Node("Gemm", "f w b", "y", ("transB", 1L))
            .Read();
        Assert.Equal([7f, 7f], model.Weights[((LinearLayer)model.Graph.Layers[^1]).Bias!].Data.ToArray());
    }

    [Theory]
    [InlineData("transA", 1L)]
    [InlineData("transB", 1L)]
    public void Gemm_of_the_wrong_shape_is_an_error(string attribute, long value) =>
        Pooled(17)
            .Node("Flatten", "p", "f")
            .Floats("w", 4, 2)
            .Node("Gemm", "f w", "y", (attribute, value))
            .AssertFault("'y'");

    [Fact]
    public void Gemm_with_a_bias_of_another_size_is_an_error() =>
        Pooled(17)
            .Node("Flatten", "p", "f")
            .Floats("w", 2, 4)
            .Floats("b", 3)
            .Node("Gemm", "f w b", "y", ("transB", 1L))
            .AssertFault("'y' (Gemm)", "'b' [3]");

    [Fact]
    public void MatMul_along_another_axis_than_the_channels_is_named() =>
        new GraphFile().Floats("w", 5, 2).Node("MatMul", "x w", "y").AssertFault("'y' (MatMul)", "last axis");

    [Fact]
    public void MatMul_on_a_map_with_channels_last_is_a_convolution_of_each_pixel()
    {
        var model = new GraphFile()
            .Node("Transpose", "x", "t", ("perm", new long[] { 0, 2, 3, 1 }))
            .Floats("w", [4, 3], i => i)
            .Floats("b", 3)
            .Node("MatMul", "t w", "m")
            .Node("Add", "m b", "n")
            .Node("Transpose", "n", "y", ("perm", new long[] { 0, 3, 1, 2 }))
            .Output("y", null, 3, 6, 5)
            .Read();

        var layer = Assert.IsType<ConvolutionLayer>(Assert.Single(model.Graph.Layers));
        Assert.Equal(Extent.Square(1), layer.Geometry.Window.Kernel);
        Assert.Equal<int>([3, 4, 1, 1], model.Weights[layer.Weight].Shape);
        Assert.Equal([0f, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11], model.Weights[layer.Weight].Data.ToArray());
        Assert.NotNull(layer.Bias);
    }

    [Fact]
    public void MatMul_for_another_number_of_channels_is_an_error() =>
        new GraphFile()
            .Node("Transpose", "x", "t", ("perm", new long[] { 0, 2, 3, 1 }))
            .Floats("w", 5, 3)
            .Node("MatMul", "t w", "y")
            .AssertFault("'y' (MatMul)", "for 5 inputs", "4 channels", "damaged");

    [Theory]
    [InlineData("t w1", "'w1' [4]")]
    [InlineData("t w3", "'w3' [1, 4, 4]")]
    [InlineData("w4 t", "the constant 'w4' as input 0")]
    [InlineData("t r", "the computed value 'r' as input 1")]
    public void A_MatMul_of_other_values_is_named_as_not_supported(string inputs, string fault) =>
        new GraphFile()
            .Node("Transpose", "x", "t", ("perm", new long[] { 0, 2, 3, 1 }))
            .Node("Relu", "t", "r")
            .Floats("w1", 4)
            .Floats("w3", 1, 4, 4)
            .Floats("w4", 6, 6)
            .Node("MatMul", inputs, "y")
            .AssertFault("'y' (MatMul)", fault, "not supported");

    [Theory]
    [InlineData(11)]
    [InlineData(13)]
    public void An_unsqueezed_vector_is_a_gate(int opset)
    {
        var file = Pooled(opset).Node("Flatten", "p", "f").Integers("axes", 2, 3);
        var gate =
            opset < 13
                ? file.Node("Unsqueeze", "f", "g", ("axes", new long[] { 2, 3 }))
                : file.Node("Unsqueeze", "f axes", "g");
        Assert.IsType<ScaleLayer>(gate.Node("Mul", "x g", "y").Layers()[^1]);
    }

    [Fact]
    public void A_vector_without_its_axes_is_no_gate() =>
        Pooled(11).Node("Flatten", "p", "f").Node("Mul", "x f", "y").AssertFault("'y' (Mul)", "[N, 4]");

    [Theory]
    [InlineData("Unsqueeze", 0L)]
    [InlineData("Unsqueeze", 9L)]
    [InlineData("Squeeze", 0L)]
    [InlineData("Squeeze", 1L)]
    [InlineData("Squeeze", -7L)]
    public void The_batch_and_the_channels_cannot_be_moved_or_removed(string operation, long axis) =>
        Pooled(11).Node(operation, "p", "y", ("axes", new[] { axis })).AssertFault($"'y' ({operation})");

    [Fact]
    public void An_axis_of_size_zero_is_an_error() =>
        Pooled(14).Integers("target", 0, -1).Node("Reshape", "p target", "y", ("allowzero", 1L)).AssertFault("size 0");

    [Fact]
    public void Flattening_at_a_later_axis_skips_axes_of_one()
    {
        var file = new GraphFile()
            .Node("Relu", "x", "r")
            .Node("Transpose", "r", "t", ("perm", new long[] { 0, 2, 3, 1 }))
            .Node("ReduceMean", "t", "p", ("axes", new long[] { 1, 2 }))
            .Node("Flatten", "p", "y", ("axis", 3L))
            .Output("y", null, 4);
        Assert.Equal(2, file.Layers().Length);
    }

    [Fact]
    public void Flattening_the_batch_is_named() =>
        Pooled(11).Node("Flatten", "p", "y", ("axis", 0L)).AssertFault("'y' (Flatten)", "batch");

    [Fact]
    public void A_transposed_constant_is_the_weight_of_a_MatMul()
    {
        var model = Pooled(9)
            .Node("Flatten", "p", "f")
            .Floats("w", [2, 4], i => i)
            .Node("Transpose", "w", "t", ("perm", _transposed))
            .Node("MatMul", "f t", "y")
            .Read();
        Assert.Equal(
            Enumerable.Range(0, 8).Select(i => (float)i),
            model.Weights[((LinearLayer)model.Graph.Layers[^1]).Weight].Data.ToArray()
        );
    }

    [Fact]
    public void A_reshaped_constant_is_a_bias_per_channel()
    {
        var model = new GraphFile(11)
            .Floats("w", 4, 4, 1, 1)
            .Floats("b", [4], i => i)
            .Integers("target", 1, -1, 1, 1)
            .Node("Reshape", "b target", "r")
            .Node("Conv", "x w", "c")
            .Node("Add", "c r", "y")
            .Read();
        Assert.Equal([0f, 1, 2, 3], model.Weights[((ConvolutionLayer)model.Graph.Layers[^1]).Bias!].Data.ToArray());
    }

    private static GraphFile Pooled(int opset) => new GraphFile(opset).Node("GlobalAveragePool", "x", "p");

    /// <summary>A linear layer on "f" must be all that follows the pooling.</summary>
    private static void AssertClassifier(GraphFile file)
    {
        var layers = file.Floats("w", [4, 2], i => i)
            .Floats("b", 2)
            .Node("MatMul", "f w", "m")
            .Node("Add", "m b", "y")
            .Layers();
        Assert.Equal(["GlobalAveragePoolLayer", "LinearLayer"], layers.Select(layer => layer.GetType().Name));
        Assert.NotNull(((LinearLayer)layers[^1]).Bias);
    }
}
