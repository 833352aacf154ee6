using ILGpuMobileNet.Network.Architectures.Blocks;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>
/// Names of torchvision's inverted residuals: a block's modules are numbered in sequence, and those that a block does
/// not have take no number.
/// </summary>
internal static class TorchvisionNames
{
    /// <summary>MobileNetV2: the projection and its batch normalisation are numbered by themselves.</summary>
    public static InvertedResidualNames V2Block(int index, bool expands)
    {
        var scope = $"features.{index}.conv";
        var depthwise = expands ? 1 : 0;
        return new(
            UnitNames.Sequence($"{scope}.0"),
            new(
                UnitNames.Sequence($"{scope}.{depthwise}"),
                SqueezeExciteNames.Plain(scope),
                UnitNames.Sequence(scope, first: depthwise + 1)
            ),
            $"features.{index}.add"
        );
    }

    /// <summary>MobileNetV3: every unit has a number, the squeeze-excite too.</summary>
    public static InvertedResidualNames V3Block(int index, bool expands, bool squeezes)
    {
        var scope = $"features.{index}.block";
        var depthwise = expands ? 1 : 0;
        var project = depthwise + (squeezes ? 2 : 1);
        return new(
            UnitNames.Sequence($"{scope}.0"),
            new(
                UnitNames.Sequence($"{scope}.{depthwise}"),
                SqueezeExcite($"{scope}.{depthwise + 1}"),
                UnitNames.Sequence($"{scope}.{project}")
            ),
            $"features.{index}.add"
        );
    }

    private static SqueezeExciteNames SqueezeExcite(string scope) =>
        new(
            $"{scope}.avgpool",
            new($"{scope}.fc1", null, $"{scope}.activation"),
            new($"{scope}.fc2", null, $"{scope}.scale_activation"),
            $"{scope}.scale"
        );
}
