using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures.Blocks;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>MobileNetV3-Small as PaddleOCR's classifier of text direction has it.</summary>
internal static class MobileNetV3Paddle
{
    private const int HeadChannels = 576;

    public static Architecture Small { get; } =
        new("mobilenet_v3_small_x0_35", Build)
        {
            Description = "MobileNetV3-Small for lines of text: strides along the rows, tells 0 from 180 degrees.",
            Source = "arXiv:1905.02244, table 2; PaddleOCR form",
            DefaultWidth = 0.35,
            DefaultResolution = new(48, 192),
            DefaultClasses = 2,
        };

    private static NetworkGraph Build(NetworkSpec spec)
    {
        var graph = spec.NewGraph();
        var trunk = new V3Trunk(Family.Paddle, V3Rows.Small)
        {
            Stem = PaddleNames.Unit("conv1"),
            Block = (index, _, _) => PaddleNames.Bottleneck($"blocks.{index}"),
            Inner = spec.Divisible,
            Projected = spec.Divisible,
        };
        var head = new ConvolutionUnit(PaddleNames.Unit("conv2"), spec.Divisible(HeadChannels))
        {
            Activation = Activation.HardSwish,
        };
        var value = head.AppendTo(graph, trunk.AppendTo(graph), trunk.Family);
        value = graph.GlobalAveragePool("avgpool", graph.HalvingMaxPool("pool", value));
        return graph.Build(graph.Linear("fc", value, spec.Classes));
    }
}
