using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures.Blocks;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>A run of inverted residuals of MobileNetV2: the paper's t, c, n, s.</summary>
/// <param name="Expand">Expansion factor on the input channels.</param>
/// <param name="Out">Channels at width 1.</param>
/// <param name="Repeat">Number of blocks.</param>
/// <param name="Stride">Stride of the first of them; the others have 1.</param>
internal readonly record struct V2Row(int Expand, int Out, int Repeat, int Stride);

/// <summary>MobileNetV2 (arXiv:1801.04381) in torchvision's form and with its names.</summary>
internal static class MobileNetV2
{
    private const int StemChannels = 32;
    private const int HeadChannels = 1280;

    private static readonly ImmutableArray<V2Row> _rows =
    [
        // Expand, Out, Repeat, Stride
        new(1, 16, 1, 1),
        new(6, 24, 2, 2),
        new(6, 32, 3, 2),
        new(6, 64, 4, 2),
        new(6, 96, 3, 1),
        new(6, 160, 3, 2),
        new(6, 320, 1, 1),
    ];

    public static Architecture Torchvision { get; } =
        new("mobilenet_v2", Build)
        {
            Description =
                "MobileNetV2: inverted residuals with linear bottlenecks; 1280 last channels below width 1 too.",
            Source = "arXiv:1801.04381, table 2; torchvision form",
        };

    private static NetworkGraph Build(NetworkSpec spec)
    {
        var graph = spec.NewGraph();
        var family = Family.Torch;
        var stem = ConvolutionUnit.HalvingStem(
            UnitNames.Sequence("features.0"),
            spec.Divisible(StemChannels),
            Activation.Relu6
        );
        var value = stem.AppendTo(graph, graph.Input, family);
        var index = 1;
        foreach (var (row, stride) in _rows.SelectMany(Repeats))
        {
            value = BlockOf(index++, row, stride, value.Shape.Channels, spec).AppendTo(graph, value, family);
        }
        var headChannels = ChannelRounding.Divisible(HeadChannels, Math.Max(1, spec.Width));
        var head = new ConvolutionUnit(UnitNames.Sequence($"features.{index}"), headChannels)
        {
            Activation = Activation.Relu6,
        };
        value = graph.GlobalAveragePool("avgpool", head.AppendTo(graph, value, family));
        return graph.Build(graph.Linear("classifier.1", value, spec.Classes));
    }

    private static IEnumerable<(V2Row Row, int Stride)> Repeats(V2Row row) =>
        Enumerable.Range(0, row.Repeat).Select(repeat => (row, repeat == 0 ? row.Stride : 1));

    private static InvertedResidual BlockOf(int index, V2Row row, int stride, int channels, NetworkSpec spec)
    {
        var expands = row.Expand != 1;
        return new(TorchvisionNames.V2Block(index, expands), spec.Divisible(row.Out))
        {
            Expanded = expands ? channels * row.Expand : null,
            Stride = Extent.Square(stride),
        };
    }
}
