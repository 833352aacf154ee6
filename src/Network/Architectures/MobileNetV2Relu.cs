using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures.Blocks;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>One bottleneck of the teaching network.</summary>
/// <param name="Filters">Channels at width 1.</param>
/// <param name="Expand">Expansion factor t on the filters (not on the input channels, as in the paper).</param>
/// <param name="IsPooled">Whether a 2x2 max pool follows.</param>
internal readonly record struct V2ReluRow(int Filters, int Expand, bool IsPooled);

/// <summary>A small Keras network in MobileNetV2's manner, for 32x32 images and teaching.</summary>
internal static class MobileNetV2Relu
{
    private const int StemChannels = 32;
    private const int HiddenUnits = 128;

    private static readonly ImmutableArray<V2ReluRow> _rows =
    [
        // Filters, Expand, IsPooled
        new(8, 6, true),
        new(16, 6, false),
        new(16, 6, true),
        new(32, 6, false),
    ];

    public static Architecture Keras { get; } =
        new("mobilenet_v2_relu", new Form(Ecosystem.KerasPort, Family.Keras, Build))
        {
            Description =
                "Small teaching network: four bottlenecks, each with a shortcut, two max pools, a hidden layer.",
            Source = "after arXiv:1801.04381; Keras form",
            DefaultResolution = Extent.Square(32),
            DefaultClasses = 10,
        };

    private static NetworkGraph Build(NetworkSpec spec)
    {
        var graph = spec.NewGraph();
        var family = spec.Family;
        var stem = new ConvolutionUnit(UnitNames.WithoutBatchNorm("stem"), spec.Truncated(StemChannels))
        {
            Kernel = Extent.Square(3),
        };
        var value = stem.AppendTo(graph, graph.Input, family);
        for (var index = 0; index < _rows.Length; index++)
        {
            var scope = $"blocks.{index}";
            value = BlockOf(scope, _rows[index], spec).AppendTo(graph, value, family);
            value = _rows[index].IsPooled ? graph.HalvingMaxPool($"{scope}.pool", value) : value;
        }
        value = graph.Linear("dense", graph.GlobalAveragePool("avgpool", value), HiddenUnits);
        value = graph.Activation("dense.activation", value, Activation.Relu);
        return graph.Build(graph.Linear("predictions", value, spec.Classes));
    }

    private static InvertedResidual BlockOf(string scope, V2ReluRow row, NetworkSpec spec)
    {
        var filters = spec.Truncated(row.Filters);
        return new(InvertedResidualNames.Plain(scope), filters)
        {
            Expanded = filters * row.Expand,
            Activation = spec.Family.Relu,
            Shortcut = new(UnitNames.WithoutBatchNorm($"{scope}.shortcut"), filters),
        };
    }
}
