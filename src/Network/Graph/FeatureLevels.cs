using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Graph;

/// <summary>Where a network's features are: its values by how much coarser than the image they are.</summary>
internal static class FeatureLevels
{
    /// <summary>
    /// For each value the rows and columns of the image from one of its positions to the next; none for what comes from
    /// a global pool. The input has 1x1.
    /// </summary>
    /// <param name="graph">The network.</param>
    public static ImmutableArray<Extent?> Strides(NetworkGraph graph)
    {
        var strides = new List<Extent?> { Extent.Square(1) };
        foreach (var layer in graph.Layers)
        {
            strides.Add(strides[layer.Inputs[0]] is { } stride ? StrideAfter(layer, stride) : null);
        }
        return [.. strides];
    }

    /// <summary>
    /// What the global pool before the classifier gives: the nearest one to the output. None where the network ends in
    /// a feature map or reaches single positions without such a pool.
    /// </summary>
    /// <param name="graph">The network.</param>
    public static int? Embedding(NetworkGraph graph)
    {
        for (var id = graph.OutputId; id > 0 && graph.ShapeOf(id).PixelCount == 1; id = graph.Layers[id - 1].Inputs[0])
        {
            if (graph.Layers[id - 1] is GlobalAveragePoolLayer or PoolLayer)
            {
                return id;
            }
        }
        return null;
    }

    private static Extent? StrideAfter(Layer layer, Extent stride) =>
        layer switch
        {
            ConvolutionLayer convolution => Times(stride, convolution.Geometry.Window.Stride),
            PoolLayer { Output.PixelCount: > 1 } pool => Times(stride, pool.Window.Stride),
            PoolLayer or GlobalAveragePoolLayer => null,
            _ => stride,
        };

    private static Extent Times(Extent stride, Extent factor) =>
        new(checked(stride.Height * factor.Height), checked(stride.Width * factor.Width));
}
