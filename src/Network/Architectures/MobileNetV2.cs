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

/// <summary>The inverted residuals of table 2 of arXiv:1801.04381.</summary>
internal static class V2Rows
{
    /// <summary>The runs.</summary>
    public static ImmutableArray<V2Row> All { get; } =
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

    /// <summary>One row and one stride for every block.</summary>
    public static IEnumerable<(V2Row Row, int Stride)> Blocks =>
        All.SelectMany(row => Enumerable.Range(0, row.Repeat).Select(repeat => (row, repeat == 0 ? row.Stride : 1)));
}

/// <summary>MobileNetV2 (arXiv:1801.04381), with torchvision's names, in the forms of several ecosystems.</summary>
internal static class MobileNetV2
{
    private const string Name = "mobilenet_v2";
    private const int StemChannels = 32;
    private const int HeadChannels = 1280;

    public static Architecture Torchvision { get; } =
        new(Name, [.. V2Form.All.Select(FormOf)])
        {
            Description =
                "MobileNetV2: inverted residuals with linear bottlenecks; 1280 last channels below width 1 too.",
            Source = "arXiv:1801.04381, table 2; torchvision form",
        };

    private static Form FormOf(V2Form form) =>
        form.FormOf(Name, V2Names.Torchvision, (spec, names) => Build(spec, form, names));

    private static NetworkGraph Build(NetworkSpec spec, V2Form form, V2Names names)
    {
        var graph = spec.NewGraph();
        var stem = ConvolutionUnit.HalvingStem(names.Stem, form.Channels(StemChannels, spec.Width), spec.Family.Relu);
        var value = stem.AppendTo(graph, graph.Input, spec.Family);
        var index = 0;
        foreach (var (row, stride) in V2Rows.Blocks)
        {
            var expands = row.Expand != 1 || spec.Family.AlwaysExpands;
            var block = new InvertedResidual(names.Block(index++, expands), form.Channels(row.Out, spec.Width))
            {
                Expanded = expands ? value.Shape.Channels * row.Expand : null,
                Stride = Extent.Square(stride),
                Activation = spec.Family.Relu,
            };
            value = block.AppendTo(graph, value, spec.Family);
        }
        var head = new ConvolutionUnit(names.Head, form.Channels(HeadChannels, Math.Max(1, spec.Width)))
        {
            Activation = spec.Family.Relu,
        };
        value = graph.GlobalAveragePool("avgpool", head.AppendTo(graph, value, spec.Family));
        return graph.Build(graph.Linear(names.Classifier, value, spec.Classes));
    }
}
