using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Tests.Onnx;

/// <summary>The input of all cases is 6x5 with 4 channels.</summary>
public class OnnxWindowTests
{
    [Fact]
    public void Explicit_pads_are_top_left_bottom_right() =>
        Assert.Equal(new Padding(0, 1, 2, 1), Convolution(("pads", new long[] { 0, 1, 2, 1 })).Padding);

    [Fact]
    public void SAME_UPPER_puts_the_odd_row_at_the_bottom() =>
        Assert.Equal(
            new Padding(0, 1, 1, 1),
            Convolution(("auto_pad", "SAME_UPPER"), ("strides", new long[] { 2, 2 })).Padding
        );

    [Fact]
    public void SAME_LOWER_puts_the_odd_row_at_the_top() =>
        Assert.Equal(
            new Padding(1, 1, 0, 1),
            Convolution(("auto_pad", "SAME_LOWER"), ("strides", new long[] { 2, 2 })).Padding
        );

    [Fact]
    public void SAME_with_dilation_pads_the_whole_reach() =>
        Assert.Equal(
            new Padding(2, 2, 2, 2),
            Convolution(("auto_pad", "SAME_UPPER"), ("dilations", new long[] { 2, 2 })).Padding
        );

    [Fact]
    public void VALID_pads_nothing() => Assert.Equal(default, Convolution(("auto_pad", "VALID")).Padding);

    [Fact]
    public void Another_auto_pad_is_named() =>
        new GraphFile()
            .Floats("w", 2, 4, 3, 3)
            .Node("Conv", "x w", "y", ("auto_pad", "SAME"))
            .AssertFault("auto_pad 'SAME'");

    [Fact]
    public void A_kernel_shape_other_than_that_of_the_weights_is_an_error() =>
        new GraphFile()
            .Floats("w", 2, 4, 3, 3)
            .Node("Conv", "x w", "y", ("kernel_shape", new long[] { 5, 5 }))
            .AssertFault("kernel_shape 5x5");

    [Theory]
    [InlineData(9)]
    [InlineData(13)]
    public void A_Pad_before_a_convolution_becomes_its_padding(int opset)
    {
        var layer = Assert.IsType<ConvolutionLayer>(
            Assert.Single(
                Padded(opset, 0, 0, 0, 1, 0, 0, 2, 1).Floats("w", 2, 4, 3, 3).Node("Conv", "p w", "y").Layers()
            )
        );
        Assert.Equal(new Padding(0, 1, 2, 1), layer.Geometry.Window.Padding);
    }

    [Theory]
    [InlineData(0L, PoolKind.AverageIncludingPadding)]
    [InlineData(1L, PoolKind.AverageIncludingPadding)]
    public void A_Pad_before_a_mean_counts_as_zeros(long countIncludePad, PoolKind expected)
    {
        var file = Padded(13, 0, 0, 1, 1, 0, 0, 1, 1)
            .Node(
                "AveragePool",
                "p",
                "y",
                ("kernel_shape", new long[] { 3, 3 }),
                ("count_include_pad", countIncludePad)
            );
        var layer = Assert.IsType<PoolLayer>(Assert.Single(file.Layers()));
        Assert.Equal((expected, new Padding(1, 1, 1, 1)), (layer.Kind, layer.Window.Padding));
    }

    [Fact]
    public void A_Pad_before_a_maximum_is_named() =>
        Padded(13, 0, 0, 1, 1, 0, 0, 1, 1)
            .Node("MaxPool", "p", "y", ("kernel_shape", new long[] { 3, 3 }))
            .AssertFault("'p' (Pad)", "Conv or AveragePool");

    [Theory]
    [InlineData(new long[] { 0, 1, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new long[] { 1, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new long[] { 0, 0, -1, 0, 0, 0, 0, 0 })]
    public void Pads_of_other_axes_and_negative_ones_are_named(long[] pads) =>
        Padded(13, pads).Node("Relu", "p", "y").AssertFault("'p' (Pad)", "rows and columns");

    [Fact]
    public void A_Pad_of_nothing_is_left_out() =>
        Assert.Single(Padded(13, 0, 0, 0, 0, 0, 0, 0, 0).Node("Relu", "p", "y").Layers());

    [Fact]
    public void A_Pad_with_another_value_is_named() =>
        new GraphFile(9)
            .Node("Pad", "x", "p", ("pads", new long[8]), ("value", 1f))
            .Node("Relu", "p", "y")
            .AssertFault("'p' (Pad)", "zeros");

    [Theory]
    [InlineData(0L, 3, 2)]
    [InlineData(1L, 3, 3)]
    public void Rounding_up_adds_a_column(long ceilMode, int height, int width)
    {
        long[] two = [2, 2];
        var file = new GraphFile().Node(
            "MaxPool",
            "x",
            "y",
            ("kernel_shape", two),
            ("strides", two),
            ("ceil_mode", ceilMode)
        );
        Assert.Equal(new FeatureShape(height, width, 4), file.Read().Graph.Output);
    }

    [Fact]
    public void Rounding_up_leaves_out_a_window_that_starts_in_the_padding()
    {
        // 6 rows, padding 1 and 1, kernel 2, stride 3: windows at -1, 2, 5 and not at 8; 5 columns: at -1, 2 and not at 5.
        var file = new GraphFile().Node(
            "MaxPool",
            "x",
            "y",
            ("kernel_shape", new long[] { 2, 2 }),
            ("strides", new long[] { 3, 3 }),
            ("pads", new long[] { 1, 1, 1, 1 }),
            ("ceil_mode", 1L)
        );
        Assert.Equal(new FeatureShape(3, 2, 4), file.Read().Graph.Output);
    }

    [Fact]
    public void A_mean_over_the_whole_input_is_global() =>
        Assert.IsType<GlobalAveragePoolLayer>(
            Assert.Single(new GraphFile().Node("AveragePool", "x", "y", ("kernel_shape", new long[] { 6, 5 })).Layers())
        );

    [Fact]
    public void A_pooling_without_kernel_is_an_error() =>
        new GraphFile().Node("MaxPool", "x", "y").AssertFault("no kernel_shape");

    [Fact]
    public void A_dilated_pooling_is_named() =>
        new GraphFile()
            .Node("MaxPool", "x", "y", ("kernel_shape", new long[] { 2, 2 }), ("dilations", new long[] { 2, 2 }))
            .AssertFault("dilations 2x2");

    [Theory]
    [InlineData(2, 2, 0, PoolKind.Average, 0, 1)] // a column more, which is not counted
    [InlineData(3, 1, 1, PoolKind.AverageIncludingPadding, 1, 1)] // no window more than without rounding
    public void Counting_padding_while_rounding_up_is_read_where_only_one_of_them_matters(
        long kernel,
        long stride,
        long padding,
        PoolKind expected,
        int bottom,
        int right
    )
    {
        var file = new GraphFile().Node(
            "AveragePool",
            "x",
            "y",
            ("kernel_shape", new[] { kernel, kernel }),
            ("strides", new[] { stride, stride }),
            ("pads", new[] { padding, padding, padding, padding }),
            ("count_include_pad", 1L),
            ("ceil_mode", 1L)
        );
        var layer = Assert.IsType<PoolLayer>(Assert.Single(file.Layers()));
        Assert.Equal(expected, layer.Kind);
        Assert.Equal(new((int)padding, (int)padding, bottom, right), layer.Window.Padding);
    }

    [Fact]
    public void Counting_padding_while_rounding_up_is_named() =>
        new GraphFile()
            .Node(
                "AveragePool",
                "x",
                "y",
                ("kernel_shape", new long[] { 3, 3 }),
                ("strides", new long[] { 2, 2 }),
                ("pads", new long[] { 1, 1, 1, 1 }),
                ("count_include_pad", 1L),
                ("ceil_mode", 1L)
            )
            .AssertFault("'y' (AveragePool)", "ceil_mode 0");

    private static Window Convolution(params (string, object)[] attributes)
    {
        var file = new GraphFile().Floats("w", 2, 4, 3, 3).Node("Conv", "x w", "y", attributes);
        return Assert.IsType<ConvolutionLayer>(Assert.Single(file.Layers())).Geometry.Window;
    }

    private static GraphFile Padded(int opset, params long[] pads) =>
        opset < 11
            ? new GraphFile(opset).Node("Pad", "x", "p", ("pads", pads))
            : new GraphFile(opset).Integers("pads", pads).Node("Pad", "x pads", "p");
}
