using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures.Blocks;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>
/// MobileNetV3-Small as a Keras port has it: the width is on the projected channels only, and the head after the pool
/// is made of 1x1 convolutions.
/// </summary>
internal static class MobileNetV3Keras
{
    private const int HeadChannels = 576;
    private const int HiddenUnits = 1024;

    public static Architecture Small { get; } =
        new("mobilenet_v3_small_keras", new Form(Ecosystem.KerasPort, Family.Keras, Build))
        {
            Description =
                "MobileNetV3-Small with SAME padding, biases and a hard-swish gate; width on projections only.",
            Source = "arXiv:1905.02244, table 2; form of a Keras port",
        };

    private static NetworkGraph Build(NetworkSpec spec)
    {
        var graph = spec.NewGraph();
        var trunk = new V3Trunk(spec.Family, V3Rows.Small)
        {
            Stem = UnitNames.Plain("stem"),
            Block = (index, _, _) => InvertedResidualNames.Plain($"blocks.{index}"),
            StemChannels = V3Rows.StemChannels,
            Expanded = (index, _) => V3Rows.Small[index].Expanded,
            Projected = spec.Truncated,
        };
        var head = new ConvolutionUnit(UnitNames.Plain("head"), HeadChannels) { Activation = Activation.HardSwish };
        var dense = new ConvolutionUnit(UnitNames.WithoutBatchNorm("dense"), HiddenUnits)
        {
            Activation = Activation.HardSwish,
        };
        var predictions = new ConvolutionUnit(UnitNames.WithoutBatchNorm("predictions"), spec.Classes);

        var value = head.AppendTo(graph, trunk.AppendTo(graph), trunk.Family);
        value = graph.GlobalAveragePool("avgpool", value);
        value = dense.AppendTo(graph, value, trunk.Family);
        return graph.Build(predictions.AppendTo(graph, value, trunk.Family));
    }
}
