using ILGpuMobileNet.Network.Architectures.Blocks;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>Layer names of an ecosystem's MobileNetV1.</summary>
/// <param name="Stem">The first convolution.</param>
/// <param name="Block">Names of the block with an index from 1.</param>
/// <param name="Pool">The global average.</param>
/// <param name="Classifier">The linear layer.</param>
internal sealed record V1Names(UnitNames Stem, Func<int, DepthwiseSeparableNames> Block, string Pool, string Classifier)
{
    private const string SlimScope = "MobilenetV1";

    /// <summary>A PyTorch implementation's, which the graphs have.</summary>
    public static V1Names Torch { get; } = new(UnitNames.Sequence("model.0"), TorchBlock, "model.14", "fc");

    /// <summary>A port to Keras with biases.</summary>
    public static V1Names KerasPort { get; } =
        new(KerasNames.Lower("conv1"), KerasNames.V1Block, "avgpool", "predictions");

    /// <summary>Keras Applications, whose classifier is a 1x1 convolution.</summary>
    public static V1Names Keras { get; } = KerasPort with { Classifier = "conv_preds" };

    /// <summary>timm: stages are runs of one number of channels.</summary>
    public static V1Names Timm
    {
        get
        {
            var places = TimmNames.Places(V1Rows.All.Select(row => row.Out));
            return new(TimmNames.Stem, index => TimmNames.Separable(places[index - 1]), "global_pool", "classifier");
        }
    }

    /// <summary>TF-slim.</summary>
    public static V1Names Slim { get; } =
        new(
            SlimUnit("Conv2d_0"),
            index =>
                new(
                    SlimUnit($"Conv2d_{index}_depthwise"),
                    SqueezeExciteNames.Plain($"Conv2d_{index}"),
                    SlimUnit($"Conv2d_{index}_pointwise")
                ),
            "avgpool",
            $"{SlimScope}/Logits/Conv2d_1c_1x1"
        );

    /// <summary>PaddleClas.</summary>
    public static V1Names PaddleClas { get; } =
        new(
            PaddleNames.Unit("conv"),
            index =>
                new(
                    PaddleNames.Unit($"blocks.{index - 1}.depthwise_conv"),
                    SqueezeExciteNames.Plain($"blocks.{index - 1}"),
                    PaddleNames.Unit($"blocks.{index - 1}.pointwise_conv")
                ),
            "avg_pool",
            "fc"
        );

    private static DepthwiseSeparableNames TorchBlock(int index) =>
        new(
            UnitNames.Sequence($"model.{index}"),
            SqueezeExciteNames.Plain($"model.{index}"),
            UnitNames.Sequence($"model.{index}", first: 3)
        );

    private static UnitNames SlimUnit(string name) =>
        UnitNames.Normalised($"{SlimScope}/{name}", $"{SlimScope}/{name}/BatchNorm");
}
