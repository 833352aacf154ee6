using System.Collections.Immutable;
using ILGpuMobileNet.Network.Architectures.Blocks;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>Layer names of an ecosystem's MobileNetV3.</summary>
/// <param name="Stem">The first convolution.</param>
/// <param name="Block">The bottlenecks.</param>
/// <param name="Head">The last convolution before the pool.</param>
/// <param name="Hidden">The layer after the pool.</param>
/// <param name="Classifier">The last layer.</param>
internal sealed record V3Names(UnitNames Stem, V3BlockNames Block, UnitNames Head, string Hidden, string Classifier)
{
    /// <summary>Layer of the activation after the hidden layer.</summary>
    public string HiddenActivation { get; init; } = $"{Hidden}.activation";

    /// <summary>torchvision, whose names the graphs have: blocks and the units in them are numbered.</summary>
    /// <param name="rows">The table.</param>
    public static V3Names Torchvision(ImmutableArray<V3Row> rows) =>
        new(
            UnitNames.Sequence("features.0"),
            (index, expands, squeezes) => TorchvisionNames.V3Block(index + 1, expands, squeezes),
            UnitNames.Sequence($"features.{rows.Length + 1}"),
            "classifier.0",
            "classifier.3"
        )
        {
            HiddenActivation = "classifier.1",
        };

    /// <summary>timm: blocks by stage, which is a run of one number of channels; the head is a stage of its own.</summary>
    /// <param name="rows">The table.</param>
    public static V3Names Timm(ImmutableArray<V3Row> rows)
    {
        var places = TimmNames.Places(rows.Select(row => row.Out));
        return new(
            TimmNames.Stem,
            (index, expands, _) => TimmNames.Block(places[index], expands),
            UnitNames.Normalised($"blocks.{places[^1].Stage + 1}.0.conv", $"blocks.{places[^1].Stage + 1}.0.bn1"),
            "conv_head",
            "classifier"
        );
    }

    /// <summary>TF-slim and Keras 2.</summary>
    /// <param name="scope">What precedes every name: empty, or a scope with its slash.</param>
    /// <param name="classifier">Name of the last layer within the scope.</param>
    public static V3Names Scoped(string scope, string classifier) =>
        new(
            ScopedNames.Unit($"{scope}Conv"),
            (index, _, _) => ScopedNames.Block($"{scope}{ScopedNames.BlockScope(index)}"),
            ScopedNames.Unit($"{scope}Conv_1"),
            $"{scope}Conv_2",
            $"{scope}{classifier}"
        );

    /// <summary>Keras 3, without slashes in the names of layers.</summary>
    public static V3Names Keras3 { get; } =
        new(
            KerasNames.Lower("conv"),
            (index, _, _) => KerasNames.V3Block(index),
            KerasNames.Lower("conv_1"),
            "conv_2",
            "logits"
        );

    /// <summary>PaddleClas.</summary>
    public static V3Names PaddleClas { get; } =
        new(
            PaddleNames.Unit("conv"),
            (index, _, _) => PaddleNames.Bottleneck($"blocks.{index}"),
            PaddleNames.Unit("last_second_conv"),
            "last_conv",
            "fc"
        );
}
