using ILGpuMobileNet.Network.Architectures.Blocks;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>Names of PaddleOCR's backbones.</summary>
internal static class PaddleNames
{
    /// <summary>Convolution and batch normalisation of the text-direction classifier.</summary>
    public static UnitNames Unit(string scope) => new($"{scope}.conv", $"{scope}.bn", $"{scope}.act");

    /// <summary>A bottleneck of the text-direction classifier.</summary>
    public static InvertedResidualNames Bottleneck(string scope) =>
        new(
            Unit($"{scope}.expand_conv"),
            new(
                Unit($"{scope}.bottleneck_conv"),
                SqueezeExciteNames.Named($"{scope}.mid_se", "conv1", "conv2"),
                Unit($"{scope}.linear_conv")
            ),
            $"{scope}.add"
        );

    /// <summary>Convolution and batch normalisation of the recogniser.</summary>
    public static UnitNames EnhanceUnit(string scope) => new($"{scope}._conv", $"{scope}._batch_norm", $"{scope}._act");

    /// <summary>A depthwise-separable convolution of the recogniser.</summary>
    public static DepthwiseSeparableNames EnhanceBlock(string scope) =>
        new(
            EnhanceUnit($"{scope}._depthwise_conv"),
            SqueezeExciteNames.Named($"{scope}._se", "conv1", "conv2"),
            EnhanceUnit($"{scope}._pointwise_conv")
        );
}
