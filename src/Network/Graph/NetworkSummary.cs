using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Graph;

/// <summary>What a network costs, layer by layer and in all.</summary>
/// <param name="Model">Name of the network.</param>
/// <param name="Parameters">Trained parameters: convolution and linear weights, biases, two per channel of a batch normalisation.</param>
/// <param name="Macs">Multiply-adds of the convolution and linear layers for one image.</param>
/// <param name="Input">Shape of one input image, <c>[H, W, C]</c>.</param>
/// <param name="Output">Shape of the output, <c>[H, W, C]</c>.</param>
/// <param name="Layers">The layers in topological order.</param>
public sealed record NetworkSummary(
    string Model,
    long Parameters,
    long Macs,
    ImmutableArray<int> Input,
    ImmutableArray<int> Output,
    ImmutableArray<LayerSummary> Layers
)
{
    /// <summary>Summarises a network.</summary>
    /// <param name="graph">The network.</param>
    /// <exception cref="OverflowException">A count exceeds 64 bits.</exception>
    public static NetworkSummary Of(NetworkGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var layers = graph.Layers.Select((_, index) => LayerSummary.Of(graph, index)).ToImmutableArray();
        return new(
            graph.Name,
            layers.Sum(layer => layer.Parameters),
            layers.Sum(layer => layer.Macs),
            LayerSummary.Axes(graph.Input),
            LayerSummary.Axes(graph.Output),
            layers
        );
    }
}

/// <summary>What a layer costs.</summary>
/// <param name="Name">Name within the network.</param>
/// <param name="Kind">What it is, in words: <c>depthwise convolution</c>, <c>batch norm</c>, <c>HardSwish</c>.</param>
/// <param name="Output">Shape of its output, <c>[H, W, C]</c>.</param>
/// <param name="Parameters">Its trained parameters.</param>
/// <param name="Macs">Its multiply-adds for one image.</param>
/// <param name="CostVsStandard">
/// For a depthwise convolution that a pointwise one completes, their cost against a standard convolution; else null.
/// </param>
public sealed record LayerSummary(
    string Name,
    string Kind,
    ImmutableArray<int> Output,
    long Parameters,
    long Macs,
    SeparableCost? CostVsStandard
)
{
    internal static LayerSummary Of(NetworkGraph graph, int index)
    {
        var layer = graph.Layers[index];
        return new(
            layer.Name,
            LayerCost.Kind(layer),
            Axes(layer.Output),
            LayerCost.Parameters(layer),
            LayerCost.Macs(layer),
            SeparableCost.Of(graph, index)
        );
    }

    internal static ImmutableArray<int> Axes(FeatureShape shape) => [shape.Height, shape.Width, shape.Channels];
}
