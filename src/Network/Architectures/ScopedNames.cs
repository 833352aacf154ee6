using ILGpuMobileNet.Network.Architectures.Blocks;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>
/// TensorFlow's variable scopes (<c>research/slim/nets/mobilenet/conv_blocks.py</c> of tensorflow/models), which Keras
/// 2's MobileNetV3 took for names of layers.
/// </summary>
internal static class ScopedNames
{
    /// <summary>Scope of a block: the first has no number.</summary>
    public static string BlockScope(int index) => index == 0 ? "expanded_conv" : $"expanded_conv_{index}";

    /// <summary>A convolution with the batch normalisation in its scope.</summary>
    public static UnitNames Unit(string name) => UnitNames.Normalised(name, $"{name}/BatchNorm");

    /// <summary>An inverted residual.</summary>
    public static InvertedResidualNames Block(string scope) =>
        new(
            Unit($"{scope}/expand"),
            new(
                Unit($"{scope}/depthwise"),
                SqueezeExciteNames.Of(scope, $"{scope}/squeeze_excite/Conv", $"{scope}/squeeze_excite/Conv_1"),
                Unit($"{scope}/project")
            ),
            $"{scope}/add"
        );
}
