using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures.Blocks;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>MobileNetV3 (arXiv:1905.02244) in torchvision's form and with its names.</summary>
internal static class MobileNetV3
{
    /// <summary>The last convolution has this many times the channels it reads.</summary>
    private const int HeadExpansion = 6;

    public static Architecture Small { get; } =
        new("mobilenet_v3_small", spec => Build(spec, V3Rows.Small, hiddenUnits: 1024))
        {
            Description =
                "MobileNetV3-Small: squeeze-excite and hard-swish, found by architecture search for low cost.",
            Source = "arXiv:1905.02244, table 2; torchvision form",
            HasReducedTail = true,
        };

    public static Architecture Large { get; } =
        new("mobilenet_v3_large", spec => Build(spec, V3Rows.Large, hiddenUnits: 1280))
        {
            Description =
                "MobileNetV3-Large: squeeze-excite and hard-swish, found by architecture search for accuracy.",
            Source = "arXiv:1905.02244, table 1; torchvision form",
            HasReducedTail = true,
        };

    private static NetworkGraph Build(NetworkSpec spec, ImmutableArray<V3Row> rows, int hiddenUnits)
    {
        var graph = spec.NewGraph();
        var trunk = new V3Trunk(Family.TorchvisionV3, spec.ReducedTail ? V3Rows.WithReducedTail(rows) : rows)
        {
            Stem = UnitNames.Sequence("features.0"),
            Block = (index, expands, squeezes) => TorchvisionNames.V3Block(index + 1, expands, squeezes),
            Inner = spec.Divisible,
            Projected = spec.Divisible,
            Squeezed = expanded => ChannelRounding.Divisible(expanded / 4),
        };
        var value = trunk.AppendTo(graph);
        var headNames = UnitNames.Sequence($"features.{rows.Length + 1}");
        var head = new ConvolutionUnit(headNames, HeadExpansion * value.Shape.Channels)
        {
            Activation = Activation.HardSwish,
        };
        value = graph.GlobalAveragePool("avgpool", head.AppendTo(graph, value, trunk.Family));
        value = graph.Linear("classifier.0", value, spec.Divisible(spec.ReducedTail ? hiddenUnits / 2 : hiddenUnits));
        value = graph.Activation("classifier.1", value, Activation.HardSwish);
        return graph.Build(graph.Linear("classifier.3", value, spec.Classes));
    }
}
