using ILGpuMobileNet.Network.Architectures.Blocks;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>Names of a V2 block.</summary>
/// <param name="index">Position among all blocks, from 0.</param>
/// <param name="expands">Whether the block has an expansion.</param>
internal delegate InvertedResidualNames V2BlockNames(int index, bool expands);

/// <summary>Layer names of an ecosystem's MobileNetV2.</summary>
/// <param name="Stem">The first convolution.</param>
/// <param name="Block">The inverted residuals.</param>
/// <param name="Head">The last convolution before the pool.</param>
/// <param name="Classifier">The last layer.</param>
internal sealed record V2Names(UnitNames Stem, V2BlockNames Block, UnitNames Head, string Classifier)
{
    private const string SlimScope = "MobilenetV2";

    private static readonly Lazy<IReadOnlyList<(int Stage, int Position)>> _places = new(() =>
        TimmNames.Places(V2Rows.Blocks.Select(block => block.Row.Out))
    );

    /// <summary>torchvision, whose names the graphs have: blocks and the units in them are numbered.</summary>
    public static V2Names Torchvision { get; } =
        new(
            UnitNames.Sequence("features.0"),
            (index, expands) => TorchvisionNames.V2Block(index + 1, expands),
            UnitNames.Sequence("features.18"),
            "classifier.1"
        );

    /// <summary>timm: stages are the rows of the table.</summary>
    public static V2Names Timm { get; } =
        new(
            TimmNames.Stem,
            (index, expands) => TimmNames.Block(_places.Value[index], expands),
            TimmNames.Head,
            "classifier"
        );

    /// <summary>Keras Applications.</summary>
    public static V2Names Keras { get; } =
        new(
            UnitNames.Normalised("Conv1", "bn_Conv1"),
            (index, _) => KerasNames.V2Block(index),
            KerasNames.Lower("Conv_1"),
            "predictions"
        );

    /// <summary>Keras Applications before TensorFlow took them over.</summary>
    public static V2Names KerasLogits { get; } = Keras with { Classifier = "Logits" };

    /// <summary>TF-slim.</summary>
    public static V2Names Slim { get; } =
        new(
            ScopedNames.Unit($"{SlimScope}/Conv"),
            (index, _) => ScopedNames.Block($"{SlimScope}/{ScopedNames.BlockScope(index)}"),
            ScopedNames.Unit($"{SlimScope}/Conv_1"),
            $"{SlimScope}/Logits/Conv2d_1c_1x1"
        );

    /// <summary>PaddleClas: rows are numbered from 2, the first block of each has a name of its own.</summary>
    public static V2Names PaddleClas { get; } =
        new(
            PaddleNames.EnhanceUnit("conv1"),
            (index, _) => PaddleBlock(_places.Value[index]),
            PaddleNames.EnhanceUnit("conv9"),
            "out"
        );

    private static InvertedResidualNames PaddleBlock((int Stage, int Position) place)
    {
        var row = $"conv{place.Stage + 2}";
        var scope = place.Position == 0 ? $"{row}._first_block" : $"{row}.{row}_{place.Position + 1}";
        return new(
            PaddleNames.EnhanceUnit($"{scope}._expand_conv"),
            new(
                PaddleNames.EnhanceUnit($"{scope}._bottleneck_conv"),
                SqueezeExciteNames.Plain(scope),
                PaddleNames.EnhanceUnit($"{scope}._linear_conv")
            ),
            $"{scope}.add"
        );
    }
}
