using ILGpuMobileNet.Network.Architectures.Blocks;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>
/// Names of timm's networks (<c>timm/models/_efficientnet_blocks.py</c> of huggingface/pytorch-image-models): a block
/// without an expansion is a <c>DepthwiseSeparableConv</c>, one with it an <c>InvertedResidual</c>.
/// </summary>
internal static class TimmNames
{
    /// <summary>The first convolution.</summary>
    public static UnitNames Stem { get; } = UnitNames.Normalised("conv_stem", "bn1");

    /// <summary>The last convolution of the networks whose pool follows it.</summary>
    public static UnitNames Head { get; } = UnitNames.Normalised("conv_head", "bn2");

    /// <summary>Stage and position of blocks, where a stage is a run of blocks with one number of channels.</summary>
    /// <param name="channels">Output channels of the blocks at width 1.</param>
    public static IReadOnlyList<(int Stage, int Position)> Places(IEnumerable<int> channels)
    {
        var places = new List<(int Stage, int Position)>();
        var last = 0;
        foreach (var count in channels)
        {
            var (stage, position) = places.Count == 0 ? (-1, 0) : places[^1];
            places.Add(count == last ? (stage, position + 1) : (stage + 1, 0));
            last = count;
        }
        return places;
    }

    /// <summary>Names of an inverted residual.</summary>
    public static InvertedResidualNames Block((int Stage, int Position) place, bool expands)
    {
        var scope = $"blocks.{place.Stage}.{place.Position}";
        return expands
            ? new(
                UnitNames.Normalised($"{scope}.conv_pw", $"{scope}.bn1"),
                new(
                    UnitNames.Normalised($"{scope}.conv_dw", $"{scope}.bn2"),
                    SqueezeExcite(scope),
                    UnitNames.Normalised($"{scope}.conv_pwl", $"{scope}.bn3")
                ),
                $"{scope}.add"
            )
            : new(UnitNames.Normalised($"{scope}.none", $"{scope}.bn0"), Separable(place), $"{scope}.add");
    }

    /// <summary>Names of a depthwise-separable convolution.</summary>
    public static DepthwiseSeparableNames Separable((int Stage, int Position) place)
    {
        var scope = $"blocks.{place.Stage}.{place.Position}";
        return new(
            UnitNames.Normalised($"{scope}.conv_dw", $"{scope}.bn1"),
            SqueezeExcite(scope),
            UnitNames.Normalised($"{scope}.conv_pw", $"{scope}.bn2")
        );
    }

    private static SqueezeExciteNames SqueezeExcite(string scope) =>
        SqueezeExciteNames.Named($"{scope}.se", "conv_reduce", "conv_expand");
}
