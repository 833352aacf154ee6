using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Tests.Onnx;

/// <summary>Nodes that join, split and shuffle the four channels of an input [N, 4, 6, 5].</summary>
public class OnnxChannelTests
{
    private static GraphFile Shuffle(string groups, long[] order, string joined) =>
        new GraphFile()
            .Integers("split", [.. groups.Split(' ').Select(long.Parse)])
            .Integers("joined", [.. joined.Split(' ').Select(long.Parse)])
            .Node("Reshape", "x split", "a")
            .Node("Transpose", "a", "b", ("perm", order))
            .Node("Reshape", "b joined", "y");

    [Theory]
    [InlineData(1L)]
    [InlineData(-3L)]
    public void Channels_are_joined(long axis)
    {
        var layers = new GraphFile().Node("Relu", "x", "a").Node("Concat", "a x a", "y", ("axis", axis)).Layers();
        var concat = Assert.IsType<ConcatLayer>(layers[^1]);
        Assert.Equal<IEnumerable<int>>([1, 0, 1], concat.Inputs);
        Assert.Equal(new FeatureShape(6, 5, 12), concat.Output);
    }

    [Fact]
    public void Vectors_are_joined_and_classified()
    {
        var layers = new GraphFile()
            .Node("GlobalAveragePool", "x", "p")
            .Node("Flatten", "p", "f")
            .Node("Concat", "f f", "c", ("axis", 1L))
            .Floats("w", 3, 8)
            .Node("Gemm", "c w", "y", ("transB", 1L))
            .Layers();
        Assert.Equal(8, Assert.IsType<ConcatLayer>(layers[1]).Output.Channels);
        Assert.IsType<LinearLayer>(layers[2]);
    }

    [Fact]
    public void One_value_alone_is_not_joined() =>
        Assert.Single(new GraphFile().Node("Concat", "x", "a", ("axis", 1L)).Node("Relu", "a", "y").Layers());

    [Theory]
    [InlineData(11, new long[] { 1, 3 })]
    [InlineData(11, new long[] { 1, -1 })]
    [InlineData(13, new long[] { 1, 3 })]
    [InlineData(13, new long[] { -1, 3 })]
    [InlineData(18, null)]
    public void Channels_are_split(int opset, long[]? sizes)
    {
        var file = new GraphFile(opset);
        (string, object)[] attributes = opset < 13 ? [("axis", 1L), ("split", sizes!)] : [("axis", 1L)];
        if (opset >= 13 && sizes is not null)
        {
            file.Integers("sizes", sizes);
        }
        var inputs = opset >= 13 && sizes is not null ? new[] { "x", "sizes" } : ["x"];
        file.Writer.Node("Split", "s", inputs, ["a", "b"], attributes);
        var layers = file.Node("Concat", "b a", "y", ("axis", 1L)).Layers();
        var first = sizes is null ? 2 : 1;
        Assert.Equal(ChannelRun.Neighbours(first, 0, 4 - first), RunOf(layers[0]));
        Assert.Equal(ChannelRun.Neighbours(0, 0, first), RunOf(layers[1]));
        Assert.Equal<IEnumerable<int>>([1, 2], layers[2].Inputs);
    }

    [Fact]
    public void A_last_part_may_be_smaller_and_a_part_that_nothing_reads_is_left_out()
    {
        var file = new GraphFile().Input(null, 5, 6, 5);
        file.Writer.Node("Split", "s", ["x"], ["a", "b", "y"], ("axis", 1L));
        // The first part is what the node stands for; of the others there is only what is read.
        Assert.Equal([ChannelRun.Neighbours(4, 0, 1), ChannelRun.Neighbours(0, 0, 2)], file.Layers().Select(RunOf));
    }

    [Theory]
    [InlineData(9, 1L, 3L, 1, 2)]
    [InlineData(11, 1L, 9223372036854775807L, 1, 3)]
    [InlineData(11, -2L, 4L, 2, 2)]
    [InlineData(11, -9223372036854775807L, -1L, 0, 3)]
    public void Channels_are_sliced(int opset, long start, long end, int first, int count)
    {
        var file = new GraphFile(opset);
        var layers =
            opset < 10
                ? file.Node(
                    "Slice",
                    "x",
                    "y",
                    ("axes", new long[] { 1 }),
                    ("starts", new[] { start }),
                    ("ends", new[] { end })
                )
                : file.Integers("s", start)
                    .Integers("e", end)
                    .Integers("a", -3)
                    .Integers("t", 1)
                    .Node("Slice", "x s e a t", "y");
        Assert.Equal(ChannelRun.Neighbours(first, 0, count), RunOf(Assert.Single(layers.Layers())));
    }

    [Fact]
    public void Whole_axes_may_be_sliced_with_the_channels() =>
        Assert.Equal(
            ChannelRun.Neighbours(0, 0, 2),
            RunOf(
                Assert.Single(
                    new GraphFile()
                        .Integers("s", 0, 0, 0, -9)
                        .Integers("e", long.MaxValue, 2, 6, long.MaxValue)
                        .Node("Slice", "x s e", "y")
                        .Layers()
                )
            )
        );

    [Fact]
    public void A_channel_shuffle_is_recognised()
    {
        var layers = Shuffle("0 2 2 6 5", [0, 2, 1, 3, 4], "0 -1 6 5").Layers();
        var select = Assert.IsType<SelectChannelsLayer>(Assert.Single(layers));
        Assert.Equal<IEnumerable<ChannelRun>>([new(0, 1, 0, 2, 2), new(2, 1, 1, 2, 2)], select.Runs);
    }

    [Fact]
    public void A_channel_shuffle_of_channels_in_the_last_axis_is_recognised()
    {
        var layers = new GraphFile()
            .Integers("split", 0, 6, 5, 2, 2)
            .Integers("joined", 0, 6, 5, 4)
            .Node("Transpose", "x", "h", ("perm", new long[] { 0, 2, 3, 1 }))
            .Node("Reshape", "h split", "a")
            .Node("Transpose", "a", "b", ("perm", new long[] { 0, 1, 2, 4, 3 }))
            .Node("Reshape", "b joined", "c")
            .Node("Transpose", "c", "y", ("perm", new long[] { 0, 3, 1, 2 }))
            .Layers();
        Assert.IsType<SelectChannelsLayer>(Assert.Single(layers));
    }

    [Fact]
    public void Reshapes_that_split_and_join_channels_without_a_swap_move_nothing()
    {
        var layers = Shuffle("0 2 2 6 5", [0, 1, 2, 3, 4], "0 4 6 5");
        layers.AssertFault("perm [0, 1, 2, 3, 4]");
        var file = new GraphFile()
            .Integers("split", 0, 2, 2, 6, 5)
            .Integers("joined", 0, 4, 6, 5)
            .Node("Reshape", "x split", "a")
            .Node("Reshape", "a joined", "b")
            .Node("Relu", "b", "y");
        Assert.IsType<ActivationLayer>(Assert.Single(file.Layers()));
    }

    [Fact]
    public void Shapes_are_computed_with()
    {
        var layers = new GraphFile()
            .Integers("one", 1)
            .Integers("two", 2)
            .Integers("zero", 0)
            .Node("Shape", "x", "s")
            .Node("Gather", "s one", "c")
            .Node("Add", "c one", "d")
            .Node("Sub", "d one", "e")
            .Node("Div", "e two", "half")
            .Node("Mul", "half two", "all")
            .Node("Slice", "x half all one", "y")
            .Layers();
        Assert.Equal(ChannelRun.Neighbours(2, 0, 2), RunOf(Assert.Single(layers)));
    }

    [Theory]
    [InlineData(2, 6)]
    [InlineData(4, 8)] // a channel multiplier
    public void Grouped_convolutions_keep_their_groups(int groups, int outputs)
    {
        var layers = new GraphFile()
            .Floats("w", outputs, 4 / groups, 1, 1)
            .Node("Conv", "x w", "y", ("group", (long)groups))
            .Layers();
        Assert.Equal(groups, Assert.IsType<ConvolutionLayer>(Assert.Single(layers)).Geometry.Groups);
    }

    [Fact]
    public void A_clipped_line_is_a_hard_sigmoid()
    {
        var layers = new GraphFile()
            .Scalar("slope", 0.2f)
            .Scalar("half", 0.5f)
            .Scalar("zero", 0)
            .Scalar("one", 1)
            .Node("Mul", "x slope", "a")
            .Node("Add", "a half", "b")
            .Node("Clip", "b zero one", "y")
            .Layers();
        Assert.Equal(Activation.HardSigmoid(0.2f), Assert.IsType<ActivationLayer>(Assert.Single(layers)).Activation);
    }

    private static ChannelRun RunOf(Layer layer) => Assert.Single(Assert.IsType<SelectChannelsLayer>(layer).Runs);
}
