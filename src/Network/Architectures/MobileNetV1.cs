using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures.Blocks;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>One depthwise-separable convolution of MobileNetV1.</summary>
/// <param name="Out">Channels of the pointwise convolution at width 1.</param>
/// <param name="Stride">Stride of the depthwise convolution.</param>
internal readonly record struct V1Row(int Out, int Stride);

/// <summary>MobileNetV1 (arXiv:1704.04861) in the forms of PyTorch and Keras.</summary>
internal static class MobileNetV1
{
    private const string Paper = "arXiv:1704.04861, table 1";
    private const int StemChannels = 32;

    private static readonly ImmutableArray<V1Row> _rows =
    [
        // Out, Stride
        new(64, 1),
        new(128, 2),
        new(128, 1),
        new(256, 2),
        new(256, 1),
        new(512, 2),
        new(512, 1),
        new(512, 1),
        new(512, 1),
        new(512, 1),
        new(512, 1),
        new(1024, 2),
        new(1024, 1),
    ];

    public static Architecture Torch { get; } =
        new("mobilenet_v1", spec => Build(spec, Family.Torch, V1Names.Torch))
        {
            Description = "MobileNetV1: thirteen depthwise-separable convolutions, without convolution biases.",
            Source = $"{Paper}; PyTorch form",
        };

    public static Architecture Keras { get; } =
        new("mobilenet_v1_keras", spec => Build(spec, Family.Keras, V1Names.Keras))
        {
            Description = "MobileNetV1 with convolution biases, SAME padding and epsilon 1e-3.",
            Source = $"{Paper}; Keras form",
        };

    private static NetworkGraph Build(NetworkSpec spec, Family family, V1Names names)
    {
        var graph = spec.NewGraph();
        var stem = ConvolutionUnit.HalvingStem(names.Stem, spec.Truncated(StemChannels), Activation.Relu);
        var value = stem.AppendTo(graph, graph.Input, family);
        for (var row = 0; row < _rows.Length; row++)
        {
            var block = new DepthwiseSeparable(names.Block(row + 1), spec.Truncated(_rows[row].Out))
            {
                Stride = family.BlockStride(_rows[row].Stride),
            };
            value = block.AppendTo(graph, value, family);
        }
        value = graph.GlobalAveragePool(names.Pool, value);
        return graph.Build(graph.Linear(names.Classifier, value, spec.Classes));
    }
}

/// <summary>Tensor names of an ecosystem's MobileNetV1.</summary>
/// <param name="Stem">The first convolution.</param>
/// <param name="Block">Names of the block with an index from 1.</param>
/// <param name="Pool">The global average.</param>
/// <param name="Classifier">The linear layer.</param>
internal sealed record V1Names(UnitNames Stem, Func<int, DepthwiseSeparableNames> Block, string Pool, string Classifier)
{
    public static V1Names Torch { get; } = new(UnitNames.Sequence("model.0"), TorchBlock, "model.14", "fc");

    public static V1Names Keras { get; } = new(UnitNames.Plain("conv1"), KerasBlock, "avgpool", "predictions");

    private static DepthwiseSeparableNames TorchBlock(int index) =>
        new(
            UnitNames.Sequence($"model.{index}"),
            SqueezeExciteNames.Plain($"model.{index}"),
            UnitNames.Sequence($"model.{index}", first: 3)
        );

    private static DepthwiseSeparableNames KerasBlock(int index) =>
        new(
            UnitNames.Plain($"conv_dw_{index}"),
            SqueezeExciteNames.Plain($"conv_se_{index}"),
            UnitNames.Plain($"conv_pw_{index}")
        );
}
