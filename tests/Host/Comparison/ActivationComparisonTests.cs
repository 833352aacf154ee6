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
        Assert.Equal(("[1, 4, 4, 3]", "[1, 3, 5, 5]"), (first.Shape, first.OtherShape));
        Assert.Null(first.Difference);
        Assert.Null(first.Place);
    }

    [Fact]
    public void What_only_one_side_has_is_listed_and_the_order_is_the_networks()
    {
        using var recording = new FixedActivations(false, Array("c", [1, 2]), Array("d", [1, 2]), Array("a", [1, 2]));
        using var network = new FixedActivations(
            true,
            Layer("a", [1, 1, 1, 2]),
            Layer("b", [1, 1, 1, 2]),
            Layer("c", [1, 1, 1, 2])
        );

        var report = ActivationComparison.Run(recording, network);

        Assert.Equal(["a", "c"], report.Layers.Select(layer => layer.Name));
        Assert.Equal(["d"], report.OnlyA);
        Assert.Equal(["b"], report.OnlyB);
    }

    [Fact]
    public void Without_a_common_name_shapes_are_taken_in_order()
    {
        using var network = new FixedActivations(
            true,
            Layer("input", [1, 8, 8, 3]),
            Layer("conv", [1, 4, 4, 8]),
            Layer("bn", [1, 4, 4, 8]),
            Sum("add", [1, 4, 4, 8]),
            Layer("wide", [1, 2, 2, 9]),
            Layer("fc", [1, 1, 1, 5])
        );
        using var recording = new FixedActivations(
            false,
            Array("k_conv", [1, 4, 4, 8]),
            Array("k_bn", [1, 4, 4, 8]),
            Array("k_wide_1", [1, 2, 2, 9]),
            Array("k_wide_2", [1, 2, 2, 9]),
            Array("k_fc", [1, 5])
        );

        var report = ActivationComparison.Run(network, recording);

        Assert.False(report.PairedByName);
        Assert.Equal(
            ["conv = k_conv", "bn = k_bn", "fc = k_fc"],
            report.Layers.Select(layer => $"{layer.Name} = {layer.OtherName}")
        );
        Assert.Equal(["input", "add", "wide"], report.OnlyA);
        Assert.Equal(["k_wide_1", "k_wide_2"], report.OnlyB);
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

    [Fact]
    public void A_few_common_names_count_where_shapes_say_nothing()
    {
        using var a = new FixedActivations(
            true,
            Layer("x", [1, 1, 1, 2]),
            Layer("y", [1, 1, 1, 2]),
            Layer("z", [1, 1, 1, 2])
        );
        using var b = new FixedActivations(
            false,
            Array("x", [1, 2]),
            Array("q", [1, 3]),
            Array("r", [1, 3]),
            Array("s", [1, 3])
        );
        Assert.Equal("x", Assert.Single(ActivationComparison.Run(a, b).Layers).Name);
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
            "network and recording have no layer in common: no name, and no shape that both have equally often. "
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
}
