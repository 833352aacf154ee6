using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures.Blocks;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>MobileNetV3-Small as PaddleOCR's classifier of text direction has it.</summary>
internal static class MobileNetV3Paddle
{
    private const string Name = "mobilenet_v3_small_x0_35";
    private const int HeadChannels = 576;

    public static Architecture Small { get; } =
        new(Name, FormOf())
        {
            Description = "MobileNetV3-Small for lines of text: strides along the rows, tells 0 from 180 degrees.",
            Source = "arXiv:1905.02244, table 2; PaddleOCR form",
            DefaultWidth = 0.35,
            DefaultResolution = new(48, 192),
            DefaultClasses = 2,
        };

    private static Form FormOf() =>
        new(Ecosystem.PaddleOcr, Family.Paddle, spec => Build(spec, backbone: "", classifier: "fc"))
        {
            Source = "https://github.com/PaddlePaddle/PaddleOCR/blob/main/ppocr/modeling/backbones/rec_mobilenet_v3.py",
            Namings =
            [
                TensorNaming.Own,
                new(
                    ParameterNames.Paddle,
                    () => Build(NetworkSpec.Nominal(Name, Family.Paddle), "backbone.", "head.fc")
                ),
            ],
        };

    private static NetworkGraph Build(NetworkSpec spec, string backbone, string classifier)
    {
        var graph = spec.NewGraph();
        var trunk = new V3Trunk(spec.Family, V3Rows.Small)
        {
            Stem = PaddleNames.Unit($"{backbone}conv1"),
            Block = (index, _, _) => PaddleNames.Bottleneck($"{backbone}blocks.{index}"),
            StemChannels = spec.Divisible(V3Rows.StemChannels),
            Expanded = (index, _) => spec.Divisible(V3Rows.Small[index].Expanded),
            Projected = spec.Divisible,
        };
        var head = new ConvolutionUnit(PaddleNames.Unit($"{backbone}conv2"), spec.Divisible(HeadChannels))
        {
            Activation = Activation.HardSwish,
        };
        var value = head.AppendTo(graph, trunk.AppendTo(graph), trunk.Family);
        value = graph.GlobalAveragePool("avgpool", graph.HalvingMaxPool("pool", value));
        return graph.Build(graph.Linear(classifier, value, spec.Classes));
    }
}
