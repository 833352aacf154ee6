using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Tests.Graph;

/// <summary>What does not fit together is refused when a graph is built, before memory depends on it.</summary>
public sealed class GraphBuilderTests
{
    private readonly GraphBuilder _graph = new("test", new(6, 5, 4));

    [Fact]
    public void Refuses_a_value_of_another_graph()
    {
        var other = new GraphBuilder("other", new(6, 5, 8));
        AssertRefused("reads value 0 as 6x5x8", () => _graph.Softmax("softmax", other.Input));
        var later = other.Softmax("a", other.Input);
        AssertRefused("reads value 1, which", () => _graph.Softmax("softmax", later));
        AssertRefused("reads value 1, which", () => _graph.Build(later));
    }

    [Fact]
    public void Refuses_to_join_what_does_not_fit()
    {
        var pooled = _graph.GlobalAveragePool("pool", _graph.Input);
        AssertRefused("joins no values", () => _graph.Concat("concat"));
        AssertRefused("6x5x4 and 1x1x4", () => _graph.Concat("concat", _graph.Input, pooled));
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(0, 0)]
    [InlineData(3, 2)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Refuses_a_slice_of_channels_that_are_not_there(int first, int count) =>
        AssertRefused("of 4; all must be there", () => _graph.SliceChannels("slice", _graph.Input, first, count));

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Refuses_to_shuffle_groups_that_do_not_divide_the_channels(int groups) =>
        AssertRefused("do not divide 4 channels", () => _graph.ShuffleChannels("shuffle", _graph.Input, groups));

    [Fact]
    public void Refuses_to_move_too_many_channels()
    {
        var many = new GraphBuilder("many", new(1, 1, (1 << 20) + 1));
        AssertRefused("at most 1048576", () => many.SliceChannels("slice", many.Input, 0, 1));
        AssertRefused("at most 1048576", () => many.Concat("concat", many.Input, many.Input));
    }

    [Fact]
    public void Appends_nothing_for_moves_that_change_nothing()
    {
        Assert.Equal(_graph.Input, _graph.Concat("concat", _graph.Input));
        Assert.Equal(_graph.Input, _graph.SliceChannels("slice", _graph.Input, 0, 4));
        Assert.Equal(_graph.Input, _graph.ShuffleChannels("one", _graph.Input, 1));
        Assert.Equal(_graph.Input, _graph.ShuffleChannels("four", _graph.Input, 4));
    }

    [Fact]
    public void Shuffles_along_the_shorter_direction()
    {
        var builder = new GraphBuilder("wide", new(1, 1, 12));
        builder.ShuffleChannels("few", builder.Input, 2);
        var graph = builder.Build(builder.ShuffleChannels("many", builder.Input, 6));
        Assert.All(graph.Layers.Cast<SelectChannelsLayer>(), layer => Assert.Equal(2, layer.Runs.Length));
    }

    [Fact]
    public void Refuses_a_bias_that_does_not_fit_the_weights()
    {
        var pooled = _graph.GlobalAveragePool("pool", _graph.Input);
        AssertRefused(
            "'b' [3] does not fit 6 outputs",
            () => _graph.Linear("fc", pooled, new Parameter("w", [6, 4]), new Parameter("b", [3]))
        );
    }

    [Fact]
    public void Refuses_statistics_that_do_not_fit_the_channels()
    {
        Parameter Vector(string name, int count) => new(name, [count]);
        var statistics = new BatchNormParameters(Vector("s", 4), Vector("o", 4), Vector("m", 5), Vector("v", 4));
        AssertRefused("'m' [5] does not fit 4 channels", () => _graph.BatchNorm("bn", _graph.Input, 1e-5, statistics));
    }

    [Fact]
    public void Refuses_one_name_for_weights_of_two_shapes()
    {
        Value Append(string name, int channels) =>
            _graph.Convolution(name, _graph.Input, channels, Window.Pointwise, new(WeightName: "shared"));
        Append("a", 4);
        Append("b", 4);
        AssertRefused("'shared' [5, 4, 1, 1], but an earlier layer as [4, 4, 1, 1]", () => Append("c", 5));
    }

    [Theory]
    [InlineData(PoolKind.Max)]
    [InlineData(PoolKind.Average)]
    public void Refuses_a_pooling_of_padding_alone(PoolKind kind)
    {
        AssertRefused("only padding", () => Pool("a", kind, new(2, 0, 0, 0)));
        AssertRefused("only padding", () => Pool("b", kind, new(0, 0, 0, 2)));
        Pool("c", kind, new(1, 1, 1, 1));
        Pool("d", PoolKind.AverageIncludingPadding, new(2, 2, 2, 2));
    }

    [Fact]
    public void Refuses_a_dilated_pooling_whose_taps_pass_the_input_by()
    {
        var graph = new GraphBuilder("test", new(1, 1, 4));
        var window = new Window(Extent.Square(2), Extent.Square(1), Extent.Square(2), new(1, 1, 1, 1));
        AssertRefused("only padding", () => graph.Pool("pool", graph.Input, PoolKind.Max, window));
    }

    [Theory]
    [InlineData(1 << 16, 1 << 15, 1)]
    [InlineData(1 << 15, 1 << 14, 1 << 12)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue)]
    public void Refuses_a_feature_map_that_no_memory_holds(int height, int width, int channels) =>
        AssertRefused("at most", () => new GraphBuilder("test", new(height, width, channels)).Input);

    [Fact]
    public void Refuses_a_layer_whose_output_no_memory_holds()
    {
        var graph = new GraphBuilder("test", new(1 << 15, 1 << 14, 1));
        AssertRefused("'conv'", () => graph.Convolution("conv", graph.Input, 1 << 12, Window.Pointwise, new()));
    }

    [Theory]
    [InlineData(65536, 1, 65535)]
    [InlineData(1 << 25, 1, 0)]
    [InlineData(2, 1 << 25, 0)]
    [InlineData(2, 1, 1 << 25)]
    public void Refuses_a_window_beyond_any_image(int kernel, int dilation, int padding)
    {
        var window = new Window(
            Extent.Square(kernel),
            Extent.Square(65536),
            Extent.Square(dilation),
            new(padding, padding, padding, padding)
        );
        AssertRefused("at most", () => _graph.Pool("pool", _graph.Input, PoolKind.AverageIncludingPadding, window));
    }

    private Value Pool(string name, PoolKind kind, Padding padding) =>
        _graph.Pool(name, _graph.Input, kind, new(Extent.Square(2), Extent.Square(1), Extent.Square(1), padding));

    private static void AssertRefused(string part, Func<object> build) =>
        Assert.Contains(part, Assert.Throws<ArgumentException>(build).Message, StringComparison.Ordinal);
}
