using ILGpuMobileNet.Network.Architectures;

namespace ILGpuMobileNet.Network.Tests.Architectures;

/// <summary>Shapes against the input columns of the papers' tables.</summary>
public sealed class StageShapeTests
{
    private static void AssertShapes(string name, params (string Layer, string Shape)[] stages)
    {
        var graph = ArchitectureCatalog.Get(name).Build(new());
        Assert.All(
            stages,
            stage => Assert.Equal(stage.Shape, graph.Layers.Single(l => l.Name == stage.Layer).Output.ToString())
        );
        Assert.Equal(stages[^1].Shape, graph.Output.ToString());
    }

    [Fact]
    public void V1_halves_five_times()
    {
        AssertShapes(
            "mobilenet_v1",
            ("model.0.0", "112x112x32"),
            ("model.1.4", "112x112x64"),
            ("model.3.4", "56x56x128"),
            ("model.5.4", "28x28x256"),
            ("model.11.4", "14x14x512"),
            ("model.13.4", "7x7x1024"),
            ("fc", "1x1x1000")
        );
        AssertShapes("mobilenet_v1_keras", ("conv_pw_13", "7x7x1024"), ("predictions", "1x1x1000"));
    }

    [Fact]
    public void V2_repeats_its_rows()
    {
        AssertShapes(
            "mobilenet_v2",
            ("features.0.0", "112x112x32"),
            ("features.1.conv.2", "112x112x16"),
            ("features.3.add", "56x56x24"),
            ("features.6.add", "28x28x32"),
            ("features.10.add", "14x14x64"),
            ("features.13.add", "14x14x96"),
            ("features.16.add", "7x7x160"),
            ("features.17.conv.3", "7x7x320"),
            ("features.18.2", "7x7x1280"),
            ("classifier.1", "1x1x1000")
        );
    }

    [Fact]
    public void V2_relu_pools_after_its_first_and_third_block()
    {
        AssertShapes(
            "mobilenet_v2_relu",
            ("stem", "32x32x32"),
            ("blocks.0.expand", "32x32x48"),
            ("blocks.0.pool", "16x16x8"),
            ("blocks.1.add", "16x16x16"),
            ("blocks.2.pool", "8x8x16"),
            ("blocks.3.add", "8x8x32"),
            ("dense.activation", "1x1x128"),
            ("predictions", "1x1x10")
        );
    }

    [Fact]
    public void V3_small_ends_in_576_and_1024()
    {
        AssertShapes(
            "mobilenet_v3_small",
            ("features.1.block.2.1", "56x56x16"),
            ("features.3.add", "28x28x24"),
            ("features.6.add", "14x14x40"),
            ("features.8.add", "14x14x48"),
            ("features.11.add", "7x7x96"),
            ("features.12.0", "7x7x576"),
            ("classifier.1", "1x1x1024"),
            ("classifier.3", "1x1x1000")
        );
        AssertShapes(
            "mobilenet_v3_small_keras",
            ("blocks.0.expand", "112x112x16"),
            ("blocks.0.project_bn", "56x56x16"),
            ("blocks.10.add", "7x7x96"),
            ("head", "7x7x576"),
            ("dense.activation", "1x1x1024"),
            ("predictions", "1x1x1000")
        );
    }

    [Fact]
    public void V3_large_ends_in_960_and_1280()
    {
        AssertShapes(
            "mobilenet_v3_large",
            ("features.1.add", "112x112x16"),
            ("features.3.add", "56x56x24"),
            ("features.6.add", "28x28x40"),
            ("features.10.add", "14x14x80"),
            ("features.12.add", "14x14x112"),
            ("features.15.add", "7x7x160"),
            ("features.16.0", "7x7x960"),
            ("classifier.1", "1x1x1280"),
            ("classifier.3", "1x1x1000")
        );
    }

    [Fact]
    public void Minimalistic_V3_has_the_stages_of_V3()
    {
        AssertShapes(
            "mobilenet_v3_small_minimalistic",
            ("features.0.2", "112x112x16"),
            ("features.1.block.1.1", "56x56x16"),
            ("features.11.add", "7x7x96"),
            ("features.12.2", "7x7x576"),
            ("classifier.1", "1x1x1024"),
            ("classifier.3", "1x1x1000")
        );
        AssertShapes(
            "mobilenet_v3_large_minimalistic",
            ("features.1.add", "112x112x16"),
            ("features.15.add", "7x7x160"),
            ("features.16.2", "7x7x960"),
            ("classifier.1", "1x1x1280"),
            ("classifier.3", "1x1x1000")
        );
    }

    [Fact]
    public void Networks_for_text_lines_keep_their_columns()
    {
        AssertShapes(
            "mobilenet_v3_small_x0_35",
            ("conv1.conv", "24x96x8"),
            ("blocks.0.linear_conv.conv", "12x96x8"),
            ("blocks.1.linear_conv.conv", "6x96x8"),
            ("blocks.3.linear_conv.conv", "3x96x16"),
            ("blocks.8.linear_conv.conv", "2x96x32"),
            ("conv2.act", "2x96x200"),
            ("pool", "1x48x200"),
            ("fc", "1x1x2")
        );
        AssertShapes(
            "mobilenet_v1_enhance",
            ("conv1._conv", "16x160x16"),
            ("block_list.3._pointwise_conv._conv", "8x160x128"),
            ("block_list.5._pointwise_conv._conv", "4x160x256"),
            ("block_list.11._pointwise_conv._conv", "2x160x512"),
            ("pool", "1x80x512")
        );
    }

    [Fact]
    public void Odd_resolutions_round_up_at_every_stride()
    {
        foreach (var network in ArchitectureCatalog.All)
        {
            var options = new ArchitectureOptions { Resolution = new(97, 131), Width = 0.37 };
            var stem = network.Build(options).Layers[0].Output;
            var expected = network.Name == "mobilenet_v2_relu" ? (97, 131) : (49, 66);
            Assert.Equal(expected, (stem.Height, stem.Width));
        }
    }
}
