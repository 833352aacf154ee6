using System.Collections.Immutable;
using ILGpuMobileNet.Network.Architectures;

namespace ILGpuMobileNet.Network.Tests.Architectures;

/// <summary>Names of the networks that torchvision does not have.</summary>
public sealed class TensorNameTests
{
    private static void AssertParameters(string name, int count, params (string Name, string Shape)[] expected)
    {
        var graph = ArchitectureCatalog.Get(name).Build(new());
        var shapes = graph.Parameters.ToImmutableDictionary(p => p.Name, p => string.Join('x', p.Shape));
        Assert.Equal(count, shapes.Count);
        Assert.All(expected, tensor => Assert.Equal(tensor.Shape, shapes.GetValueOrDefault(tensor.Name)));
    }

    [Fact]
    public void V1_has_the_names_of_its_torch_form() =>
        AssertParameters(
            "mobilenet_v1",
            27 * 5 + 2,
            ("model.0.0.weight", "32x3x3x3"),
            ("model.0.1.running_mean", "32"),
            ("model.1.0.weight", "32x1x3x3"),
            ("model.1.1.running_var", "32"),
            ("model.1.3.weight", "64x32x1x1"),
            ("model.13.3.weight", "1024x1024x1x1"),
            ("model.13.4.bias", "1024"),
            ("fc.weight", "1000x1024"),
            ("fc.bias", "1000")
        );

    [Fact]
    public void V1_keras_has_a_bias_in_every_convolution() =>
        AssertParameters(
            "mobilenet_v1_keras",
            27 * 6 + 2,
            ("conv1.weight", "32x3x3x3"),
            ("conv1.bias", "32"),
            ("conv1_bn.weight", "32"),
            ("conv_dw_1.weight", "32x1x3x3"),
            ("conv_dw_13_bn.running_var", "1024"),
            ("conv_pw_13.bias", "1024"),
            ("predictions.weight", "1000x1024")
        );

    [Fact]
    public void V2_relu_has_no_batch_norm_at_its_stem_and_shortcuts() =>
        AssertParameters(
            "mobilenet_v2_relu",
            2 + 4 * 18 + 3 * 2 + 4,
            ("stem.bias", "32"),
            ("blocks.0.expand.weight", "48x32x1x1"),
            ("blocks.0.expand_bn.bias", "48"),
            ("blocks.0.depthwise.weight", "48x1x3x3"),
            ("blocks.0.project_bn.running_mean", "8"),
            ("blocks.0.shortcut.weight", "8x32x1x1"),
            ("blocks.3.shortcut.bias", "32"),
            ("dense.weight", "128x32"),
            ("predictions.weight", "10x128")
        );

    [Fact]
    public void V3_keras_has_its_head_as_convolutions() =>
        AssertParameters(
            "mobilenet_v3_small_keras",
            (2 + 11 * 3) * 6 + 9 * 4 + 4,
            ("stem.bias", "16"),
            ("blocks.0.expand.weight", "16x16x1x1"),
            ("blocks.0.se.reduce.weight", "4x16x1x1"),
            ("blocks.0.se.expand.bias", "16"),
            ("blocks.10.project_bn.running_var", "96"),
            ("head.weight", "576x96x1x1"),
            ("dense.weight", "1024x576x1x1"),
            ("predictions.weight", "1000x1024x1x1")
        );

    [Fact]
    public void V3_paddle_has_the_names_of_PaddleOCR() =>
        AssertParameters(
            "mobilenet_v3_small_x0_35",
            (2 + 11 * 3) * 5 + 9 * 4 + 2,
            ("conv1.conv.weight", "8x3x3x3"),
            ("conv1.bn.running_mean", "8"),
            ("blocks.0.expand_conv.conv.weight", "8x8x1x1"),
            ("blocks.0.bottleneck_conv.bn.weight", "8"),
            ("blocks.0.mid_se.conv1.weight", "2x8x1x1"),
            ("blocks.0.mid_se.conv2.bias", "8"),
            ("blocks.10.linear_conv.conv.weight", "32x200x1x1"),
            ("conv2.bn.bias", "200"),
            ("fc.weight", "2x200")
        );

    [Fact]
    public void V1_enhance_has_the_names_of_PaddleOCR_and_no_classifier() =>
        AssertParameters(
            "mobilenet_v1_enhance",
            27 * 5 + 2 * 4,
            ("conv1._conv.weight", "16x3x3x3"),
            ("conv1._batch_norm.running_var", "16"),
            ("block_list.0._depthwise_conv._conv.weight", "16x1x3x3"),
            ("block_list.6._depthwise_conv._conv.weight", "256x1x5x5"),
            ("block_list.11._se.conv1.weight", "64x256x1x1"),
            ("block_list.12._se.conv2.bias", "512"),
            ("block_list.12._pointwise_conv._batch_norm.weight", "512")
        );
}
