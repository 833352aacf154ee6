using ILGpuMobileNet.Host.Comparison;
using static ILGpuMobileNet.Host.Tests.Comparison.FixedActivations;

namespace ILGpuMobileNet.Host.Tests.Comparison;

public sealed class ActivationComparisonTests
{
    [Fact]
    public void Names_the_first_layer_that_diverges_and_its_worst_place()
    {
        using var a = new FixedActivations(
            true,
            Layer("one", [1, 1, 1, 2], 1, 100),
            Layer("two", [2, 2, 1, 2], 1, 2, 3, 4, 5, 6, 7, 8),
            Layer("three", [1, 1, 1, 1], 5)
        );
        using var b = new FixedActivations(
            true,
            Layer("one", [1, 1, 1, 2], 1.009f, 100), // a part of 9e-5 of the largest
            Layer("two", [2, 2, 1, 2], 1, 2, 3, 4.5f, 5, 6, 7.75f, 8),
            Layer("three", [1, 1, 1, 1], 6)
        );

        var report = ActivationComparison.Run(a, b);

        Assert.True(report.PairedByName);
        Assert.Equal([false, true, true], report.Layers.Select(layer => layer.Diverges));
        var first = Assert.IsType<LayerDifference>(report.FirstDivergence);
        Assert.Equal(("two", "two", "2x1x2"), (first.Name, first.OtherName, first.Shape));
        Assert.Equal(new DifferencePlace(1, 1, 0, 0, 7, 7.75f), first.Place);
        Assert.Equal((0.75, 8, 0.75 / 8), (first.Difference, first.LargestValue, first.RelativeDifference));
        Assert.Null(ActivationComparison.Run(a, b, 0.2).FirstDivergence);
    }

    [Theory]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, 0f)]
    [InlineData(float.NegativeInfinity, float.PositiveInfinity)]
    [InlineData(0f, float.PositiveInfinity)]
    public void What_is_not_finite_diverges_even_where_both_sides_have_it(float a, float b)
    {
        using var first = new FixedActivations(true, Layer("fine", [1, 1, 1, 1]), Layer("x", [1, 1, 1, 3], 5, a, 7));
        using var second = new FixedActivations(true, Layer("fine", [1, 1, 1, 1]), Layer("x", [1, 1, 1, 3], 6, b, 7));

        var report = ActivationComparison.Run(first, second, tolerance: 100);

        Assert.Equal("x", report.FirstDivergence?.Name);
        Assert.Equal(double.PositiveInfinity, report.FirstDivergence!.Difference);
        Assert.Equal(double.PositiveInfinity, report.FirstDivergence.RelativeDifference);
        Assert.Equal(new(0, 0, 0, 1, a, b), report.FirstDivergence.Place);
    }

    [Fact]
    public void Where_nothing_is_finite_there_is_no_largest_value()
    {
        using var a = new FixedActivations(true, Layer("x", [1, 1, 1, 2], float.NaN, float.PositiveInfinity));

        var layer = Assert.Single(ActivationComparison.Run(a, a).Layers);

        Assert.Null(layer.LargestValue);
        Assert.Equal((true, double.PositiveInfinity), (layer.Diverges, layer.RelativeDifference));
    }

    [Fact]
    public void Zeros_agree()
    {
        using var a = new FixedActivations(true, Layer("x", [1, 1, 1, 2], 0, 0));

        var report = ActivationComparison.Run(a, a);

        Assert.Null(report.FirstDivergence);
        Assert.Equal(0, Assert.Single(report.Layers).LargestValue);
    }

    [Fact]
    public void Images_of_another_number_diverge_without_values()
    {
        using var a = new FixedActivations(false, Array("x", [1, 2]), Array("y", [1, 3]));
        using var b = new FixedActivations(false, Array("x", [2, 2]), Array("y", [2, 3]));

        var first = ActivationComparison.Run(a, b).FirstDivergence;

        Assert.Equal(("[1, 2]", "[2, 2]"), (first?.Shape, first?.OtherShape));
    }

    [Fact]
    public void Recorded_channels_may_come_first_or_last_or_alone()
    {
        using var network = new FixedActivations(
            true,
            Layer("first", [1, 1, 2, 3], 1, 2, 3, 4, 5, 6),
            Layer("last", [1, 1, 2, 3], 1, 2, 3, 4, 5, 6),
            Layer("alone", [2, 1, 1, 3], 1, 2, 3, 4, 5, 6),
            Layer("one image", [1, 1, 2, 3], 1, 2, 3, 4, 5, 6)
        );
        using var recording = new FixedActivations(
            false,
            Array("first", [1, 3, 1, 2], 1, 4, 2, 5, 3, 6),
            Array("last", [1, 1, 2, 3], 1, 2, 3, 4, 5, 6),
            Array("alone", [2, 3], 1, 2, 3, 4, 5, 6),
            Array("one image", [3, 1, 2], 1, 4, 2, 5, 3, 6)
        );

        Assert.Null(ActivationComparison.Run(network, recording).FirstDivergence);
        Assert.Null(ActivationComparison.Run(recording, network).FirstDivergence);
    }

    [Theory]
    [InlineData(ActivationLayout.ChannelsLast)]
    [InlineData(ActivationLayout.ChannelsFirst)]
    public void Where_both_orders_fit_the_other_arrays_decide(ActivationLayout layout)
    {
        var isLast = layout == ActivationLayout.ChannelsLast;
        using var network = new FixedActivations(
            true,
            Layer("cube", [1, 2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8),
            Layer("other", [1, 1, 2, 3])
        );
        using var recording = new FixedActivations(
            false,
            Array("cube", [1, 2, 2, 2], isLast ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 3, 5, 7, 2, 4, 6, 8]),
            Array("other", isLast ? [1, 1, 2, 3] : [1, 3, 1, 2])
        );

        Assert.False(ActivationComparison.Run(network, recording).Layers[0].Diverges);
    }

    [Fact]
    public void Other_shapes_diverge_without_values()
    {
        using var a = new FixedActivations(true, Layer("x", [1, 4, 4, 3]));
        using var b = new FixedActivations(false, Array("x", [1, 3, 5, 5]));

        var first = ActivationComparison.Run(a, b).FirstDivergence;

        Assert.NotNull(first);
        Assert.Equal(("[1, 4, 4, 3]", "[1, 5, 5, 3]"), (first.Shape, first.OtherShape)); // in one order of axes
        Assert.Null(first.Difference);
        Assert.Null(first.Place);
    }

    [Fact]
    public void What_only_one_side_has_is_listed_and_the_order_is_the_networks()
    {
        using var recording = new FixedActivations(
            false,
            Array("c", [1, 2], 3, 4),
            Array("d", [1, 2], 9, -9),
            Array("a", [1, 2], 1, 2)
        );
        using var network = new FixedActivations(
            true,
            Layer("a", [1, 1, 1, 2], 1, 2),
            Layer("b", [1, 1, 1, 2], -5, 6),
            Layer("c", [1, 1, 1, 2], 3, 4)
        );

        var report = ActivationComparison.Run(recording, network);

        Assert.Equal(["a", "c"], report.Layers.Select(layer => layer.Name));
        Assert.Equal(["d"], report.OnlyA);
        Assert.Equal(["b"], report.OnlyB);
        Assert.True(report.IsConclusive);
    }

    [Fact]
    public void Without_a_common_name_what_layers_hold_pairs_them()
    {
        int[] map = [1, 4, 4, 8];
        using var network = new FixedActivations(
            true,
            Layer("input", [1, 8, 8, 3]),
            Layer("conv", map, Noise(1, map)),
            Layer("bn", map, Noise(2, map)),
            Sum("add", map, Noise(3, map)),
            Layer("wide", [1, 2, 2, 9], Noise(4, [36])),
            Layer("fc", [1, 1, 1, 5], Noise(5, [5]))
        );
        using var recording = new FixedActivations(
            false,
            Array("k_conv", map, Noise(1, map)),
            Array("k_dropout", map, Noise(1, map)),
            Array("k_bn", map, Noise(2, map)),
            Array("k_wide_1", [1, 2, 2, 9], Noise(6, [36])),
            Array("k_wide_2", [1, 2, 2, 9], Noise(4, [36])),
            Array("k_fc", [1, 5], Noise(5, [5]))
        );

        var report = ActivationComparison.Run(network, recording);

        Assert.False(report.PairedByName);
        Assert.Equal(["conv = k_conv", "bn = k_bn", "wide = k_wide_2", "fc = k_fc"], NamesIn(report));
        Assert.Equal(["input", "add"], report.OnlyA);
        Assert.Equal(["k_dropout", "k_wide_1"], report.OnlyB);
        Assert.Null(report.FirstDivergence);
        Assert.True(report.IsConclusive);
    }

    [Fact]
    public void Where_they_part_the_order_of_shapes_pairs_layers()
    {
        int[] map = [1, 4, 4, 8];
        using var network = new FixedActivations(
            true,
            Layer("one", map, Noise(1, map)),
            Sum("sum", map, Noise(2, map)),
            Layer("two", map, Noise(3, map)),
            Layer("three", map, Noise(4, map)),
            Layer("fc", [1, 1, 1, 5], Noise(5, [5]))
        );
        using var recording = new FixedActivations(
            false,
            Array("k_one", map, Noise(1, map)),
            Array("k_two", map, Noise(11, map)),
            Array("k_three", map, Noise(12, map)),
            Array("k_fc", [1, 5], Noise(13, [5]))
        );

        var report = ActivationComparison.Run(network, recording);

        Assert.Equal(["one = k_one", "two = k_two", "three = k_three", "fc = k_fc"], NamesIn(report));
        Assert.Equal("two", report.FirstDivergence?.Name);
    }

    [Fact]
    public void A_folded_convolution_is_paired_with_the_normalisation()
    {
        int[] map = [1, 4, 4, 8];
        using var folded = new FixedActivations(
            true,
            Folded("/block/block.0/block.0.0/Conv", map, Noise(2, map)),
            Layer("/block/block.0/block.0.2/Relu", map, Noise(3, map)),
            Folded("/block/block.1/fc/Conv", map, Noise(4, map)) // no normalisation on either side
        );
        using var recording = new FixedActivations(
            false,
            Array("block.0.0", map, Noise(1, map)),
            Array("block.0.1", map, Noise(2, map)),
            Array("block.0.2", map, Noise(3, map)),
            Array("block.1.fc", map, Noise(4, map))
        );

        var report = ActivationComparison.Run(recording, folded);

        Assert.Equal(
            [
                "block.0.1 = /block/block.0/block.0.0/Conv",
                "block.0.2 = /block/block.0/block.0.2/Relu",
                "block.1.fc = /block/block.1/fc/Conv",
            ],
            NamesIn(report)
        );
        Assert.True(report.PairedByName);
        Assert.Equal(["block.0.0"], report.OnlyA);
        Assert.Null(report.FirstDivergence);
    }

    [Fact]
    public void A_normalisation_that_does_nothing_leaves_the_folded_convolution_with_it()
    {
        int[] map = [1, 4, 4, 8];
        float[] Scaled(float factor) => [.. Noise(1, map).Select(value => factor * value)];
        using var folded = new FixedActivations(true, Folded("/stem/stem.0/Conv", map, Scaled(0.9995f)));
        using var recording = new FixedActivations(
            false,
            Array("stem.0", map, Scaled(1)),
            Array("stem.1", map, Scaled(0.9995f)) // new weights and an epsilon of 1e-3
        );

        Assert.Equal("stem.1 = /stem/stem.0/Conv", Assert.Single(NamesIn(ActivationComparison.Run(recording, folded))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_normalisation_is_compared_where_its_convolution_looks_right(bool isFirst)
    {
        int[] map = [1, 4, 4, 8];
        using var folded = new FixedActivations(true, Folded("/0/Conv", map, Noise(1, map)));
        using var recording = new FixedActivations(
            false,
            Array("0", map, Noise(1, map)),
            Array("1", map, Noise(2, map)), // should have changed next to nothing
            Array("2", map, Noise(2, map)) // a dropout
        );

        var report = isFirst
            ? ActivationComparison.Run(recording, folded)
            : ActivationComparison.Run(folded, recording);

        Assert.Equal(isFirst ? "2 = /0/Conv" : "/0/Conv = 2", Assert.Single(NamesIn(report)));
        Assert.NotNull(report.FirstDivergence);
    }

    [Fact]
    public void A_namesake_is_compared_whatever_its_neighbour_holds()
    {
        int[] map = [1, 4, 4, 8];
        using var network = new FixedActivations(
            true,
            Layer("/2/Conv", map, Noise(1, map)),
            Layer("/4/BatchNormalization", map, Noise(1, map))
        );
        using var recording = new FixedActivations(
            false,
            Array("2", map, Noise(1, map)),
            Array("3", map, Noise(1, map)), // a dropout
            Array("4", map, [.. Noise(1, map).Select(_ => float.NaN)])
        );

        var report = ActivationComparison.Run(recording, network);

        Assert.Equal(["2 = /2/Conv", "4 = /4/BatchNormalization"], NamesIn(report));
        Assert.Equal("4", report.FirstDivergence?.Name);
    }

    [Fact]
    public void A_recording_of_convolutions_alone_says_nothing_of_folded_ones()
    {
        int[] map = [1, 4, 4, 8];
        using var folded = new FixedActivations(
            true,
            Folded("/0/Conv", map, Noise(2, map)),
            Layer("/2/Relu", map, Noise(3, map)),
            Folded("/3/Conv", map, Noise(5, map)),
            Layer("/fc/Gemm", [1, 1, 1, 9])
        );
        using var recording = new FixedActivations(
            false,
            Array("0", map, Noise(1, map)),
            Array("3", map, Noise(4, map)),
            Array("fc", [1, 9])
        );

        var report = ActivationComparison.Run(recording, folded);

        Assert.Equal(["fc = /fc/Gemm"], NamesIn(report));
        Assert.Null(report.FirstDivergence);
        Assert.False(report.IsConclusive);
    }

    [Fact]
    public void Zeros_say_nothing_of_what_is_before_them()
    {
        int[] map = [1, 4, 4, 8];
        var zeros = new float[128];
        using var a = new FixedActivations(
            true,
            Layer("a1", map, Noise(1, map)),
            Layer("a2", map, Noise(2, map)),
            Layer("a3", map, zeros), // a dead ReLU
            Layer("a4", map, Noise(4, map)),
            Layer("a5", [1, 1, 1, 9])
        );
        using var b = new FixedActivations(
            true,
            Layer("b1", map, Noise(11, map)),
            Layer("b2", map, Noise(12, map)),
            Layer("b3", map, zeros),
            Layer("b4", map, Noise(4, map)),
            Layer("b5", [1, 1, 1, 9])
        );

        var report = ActivationComparison.Run(a, b);

        Assert.Equal(["a1 = b1", "a2 = b2", "a3 = b3", "a4 = b4", "a5 = b5"], NamesIn(report));
        Assert.Equal("a1", report.FirstDivergence?.Name);
    }

    [Fact]
    public void Beside_a_folded_side_what_may_be_no_pair_is_left_undecided()
    {
        int[] map = [1, 4, 4, 8];
        using var folded = new FixedActivations(
            true,
            Folded("n1", map, Noise(2, map)),
            Layer("n2", map, Noise(3, map)), // a function that has no module, or one that differs
            Folded("n3", map, Noise(5, map))
        );
        using var recording = new FixedActivations(
            false,
            Array("conv1", map, Noise(1, map)),
            Array("bn1", map, Noise(2, map)),
            Array("conv2", map, Noise(4, map)),
            Array("bn2", map, Noise(5, map))
        );

        var report = ActivationComparison.Run(folded, recording);

        Assert.Equal(["n1 = bn1", "n3 = bn2"], NamesIn(report));
        Assert.Null(report.FirstDivergence);
        Assert.False(report.IsConclusive);
    }

    [Fact]
    public void Where_a_folded_side_parts_its_convolutions_stand_beside_normalisations()
    {
        int[] map = [1, 4, 4, 8];
        using var folded = new FixedActivations(
            true,
            Folded("n1", map, Noise(22, map)),
            Layer("n2", map, Noise(23, map))
        );
        using var recording = new FixedActivations(
            false,
            Array("conv", map, Noise(1, map)),
            Array("bn", map, Noise(2, map)),
            Array("relu", map, Noise(3, map))
        );

        var report = ActivationComparison.Run(folded, recording);

        Assert.Equal(["n1 = bn", "n2 = relu"], NamesIn(report));
    }

    [Fact]
    public void Names_pair_layers_that_hold_other_values_than_their_neighbours()
    {
        int[] map = [1, 4, 4, 8];
        using var a = new FixedActivations(
            true,
            Layer("conv", map, Noise(1, map)),
            Layer("bn", map, Noise(1, map)), // as if it did nothing
            Layer("relu", map, Noise(3, map))
        );
        using var b = new FixedActivations(
            true,
            Layer("conv", map, Noise(1, map)),
            Layer("bn", map, Noise(3, map)),
            Layer("relu", map, Noise(4, map))
        );

        var report = ActivationComparison.Run(a, b);

        Assert.Equal(["conv = conv", "bn = bn", "relu = relu"], NamesIn(report));
        Assert.Equal("bn", report.FirstDivergence?.Name);
    }

    [Fact]
    public void Branches_may_run_in_another_order()
    {
        int[] map = [1, 4, 4, 8];
        using var a = new FixedActivations(
            true,
            Layer("left", map, Noise(1, map)),
            Layer("left_relu", map, Noise(2, map)),
            Layer("right", map, Noise(3, map)),
            Layer("end", map, Noise(4, map))
        );
        using var b = new FixedActivations(
            true,
            Layer("r", map, Noise(3, map)),
            Layer("l", map, Noise(1, map)),
            Layer("lr", map, Noise(2, map)),
            Layer("e", map, Noise(4, map))
        );

        var report = ActivationComparison.Run(a, b);

        Assert.Equal(["left = l", "left_relu = lr", "right = r", "end = e"], NamesIn(report));
        Assert.Null(report.FirstDivergence);
    }

    [Fact]
    public void A_few_common_names_among_many_others_do_not_count()
    {
        (ActivationEntry, float[])[] Layers(string prefix) =>
            [
                .. Enumerable.Range(0, 5).Select(i => Layer($"{prefix}{i}", [1, 1, 1, 2 + i])),
                Layer("pool", [1, 1, 1, 9]),
            ];
        using var a = new FixedActivations(true, Layers("a"));
        using var b = new FixedActivations(true, Layers("b"));

        var report = ActivationComparison.Run(a, b);

        Assert.False(report.PairedByName);
        Assert.Equal(["a0", "a1", "a2", "a3", "a4", "pool"], report.Layers.Select(layer => layer.Name));
    }

    [Theory]
    [InlineData(3, 2)] // few layers of both
    [InlineData(0, 1)] // all, but the last of neither
    public void Agreement_of_too_little_is_not_conclusive(int firstOther, int otherCount)
    {
        (ActivationEntry, float[])[] Layers(int channels) =>
            [
                Layer("x", [1, 1, 1, 7]),
                .. Enumerable.Range(0, 6).Select(i => Layer($"x{i}", [1, 1, 1, 2], i, 1)).Skip(firstOther),
                .. Enumerable
                    .Range(0, otherCount * 4)
                    .Select(i => Layer($"own_{channels}_{i}", [1, 1, 1, channels], Noise(i, [channels]))),
            ];
        using var a = new FixedActivations(true, Layers(3));
        using var b = new FixedActivations(true, Layers(4));

        var report = ActivationComparison.Run(a, b);

        Assert.Null(report.FirstDivergence);
        Assert.False(report.IsConclusive);
    }

    [Fact]
    public void Very_many_layers_are_paired_by_their_names_alone()
    {
        (ActivationEntry, float[])[] Layers(string other, int channels) =>
            [
                .. Enumerable.Range(0, 2100).Select(i => Layer($"x{i}", [1, 1, 1, 1], i)),
                Layer(other, [1, 1, 1, channels]),
            ];
        using var a = new FixedActivations(true, Layers("a", 2));
        using var b = new FixedActivations(true, Layers("b", 3));

        var report = ActivationComparison.Run(a, b);

        Assert.Equal(2100, report.Layers.Count);
        Assert.True(report.PairedByName);
        Assert.Equal(["a"], report.OnlyA);
    }

    [Fact]
    public void Two_recordings_are_compared_as_they_lie()
    {
        using var a = new FixedActivations(false, Array("x", [1, 2, 1, 2], 1, 2, 3, 4));
        using var b = new FixedActivations(false, Array("x", [1, 2, 1, 2], 1, 2, 9, 4));

        Assert.Equal(new(0, 0, 0, 1, 3, 9), ActivationComparison.Run(a, b).FirstDivergence?.Place);
    }

    [Fact]
    public void Sides_without_a_common_layer_are_refused()
    {
        using var a = new FixedActivations(true, Layer("x", [1, 4, 4, 3]));
        using var b = new FixedActivations(false, Array("y", [7]), Array("z", []));

        var fault = Assert.Throws<ArgumentException>(() => ActivationComparison.Run(a, b));

        Assert.StartsWith(
            "network and recording have no layer in common: no name and no shape. "
                + "The first has 'x' [1, 4, 4, 3]; the second 'y' [7], 'z' [].",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_tolerance_that_is_no_part_is_refused(double tolerance)
    {
        using var a = new FixedActivations(true, Layer("x", [1, 4, 4, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ActivationComparison.Run(a, a, tolerance));
    }

    private static IEnumerable<string> NamesIn(ComparisonReport report) =>
        report.Layers.Select(layer => $"{layer.Name} = {layer.OtherName}");
}
