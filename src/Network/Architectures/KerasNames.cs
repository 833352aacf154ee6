using ILGpuMobileNet.Network.Architectures.Blocks;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>
/// Names of Keras Applications' layers (<c>keras/src/applications/mobilenet*.py</c> of keras-team/keras; Keras 2:
/// keras-team/keras-applications).
/// </summary>
internal static class KerasNames
{
    /// <summary>A unit of MobileNet, and of Keras 3's V3: <c>{name}_bn</c>.</summary>
    public static UnitNames Lower(string name) => UnitNames.Normalised(name, $"{name}_bn");

    /// <summary>A unit within MobileNetV2's blocks: <c>{name}_BN</c>.</summary>
    public static UnitNames Upper(string name) => UnitNames.Normalised(name, $"{name}_BN");

    /// <summary>A depthwise-separable convolution of MobileNet, counted from 1.</summary>
    public static DepthwiseSeparableNames V1Block(int index) =>
        new(Lower($"conv_dw_{index}"), SqueezeExciteNames.Plain($"conv_se_{index}"), Lower($"conv_pw_{index}"));

    /// <summary>An inverted residual of MobileNetV2, counted from 0.</summary>
    public static InvertedResidualNames V2Block(int index)
    {
        var scope = index == 0 ? "expanded_conv" : $"block_{index}";
        return new(
            Upper($"{scope}_expand"),
            new(Upper($"{scope}_depthwise"), SqueezeExciteNames.Plain(scope), Upper($"{scope}_project")),
            $"{scope}_add"
        );
    }

    /// <summary>A bottleneck of Keras 3's MobileNetV3, counted from 0.</summary>
    public static InvertedResidualNames V3Block(int index)
    {
        var scope = ScopedNames.BlockScope(index);
        return new(
            Lower($"{scope}_expand"),
            new(
                Lower($"{scope}_depthwise"),
                SqueezeExciteNames.Of(scope, $"{scope}_squeeze_excite_conv", $"{scope}_squeeze_excite_conv_1"),
                Lower($"{scope}_project")
            ),
            $"{scope}_add"
        );
    }
}
