using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>
/// Trained weights under a classifier of its own: the last layer that has any weights gets new ones from
/// <see cref="WeightFormula"/>, and so may have another number of classes. So do layers after the global pool that the
/// trained weights lack.
/// </summary>
internal static class NewHead
{
    /// <summary>The weights of a network, all but the head's as they were trained.</summary>
    /// <param name="graph">The network with its new number of classes.</param>
    /// <param name="trained">Weights of the same network with any number of classes, or without its head.</param>
    /// <param name="seed">Seed of the head.</param>
    public static WeightSet Attach(NetworkGraph graph, WeightSet trained, ulong seed)
    {
        var lacking = graph.Parameters.Where(parameter => !trained.Tensors.ContainsKey(parameter.Name));
        var names = HeadOf(graph).Parameters.Union(lacking).Select(parameter => parameter.Name);
        var drawn = WeightFormula.Create(graph, seed).Tensors;
        return new(
            trained.Source,
            trained.Tensors.SetItems(names.Select(name => KeyValuePair.Create(name, drawn[name])))
        );
    }

    /// <summary>
    /// Whether parameters are all those of the last layers after the global pool: what networks lack that were saved
    /// without their classifier (<c>include_top=False</c>, <c>num_classes=0</c>), and only that; or all from the last
    /// convolution before that pool on where it follows the blocks: backbones lack it (<c>features_only=True</c> of
    /// MobileNetV2).
    /// </summary>
    /// <param name="graph">The network.</param>
    /// <param name="names">The parameters.</param>
    public static bool IsHead(NetworkGraph graph, IReadOnlySet<string> names)
    {
        var layers = graph.Layers.ToList();
        var first = layers.FindIndex(layer => layer.Parameters.Any(parameter => names.Contains(parameter.Name)));
        if (first < 0 || FeatureLevels.Embedding(graph) is not { } pool)
        {
            return false;
        }
        var isLate = first >= pool || FollowsBlocks(layers, first, pool);
        var following = layers.Skip(first).SelectMany(layer => layer.Parameters, (_, parameter) => parameter.Name);
        return isLate && names.SetEquals(following);
    }

    // A block's own last convolution reads an activation; what a block gives is linear.
    private static bool FollowsBlocks(List<Layer> layers, int index, int pool) =>
        index == layers.FindLastIndex(pool - 1, layer => layer is ConvolutionLayer)
        && layers[index].Inputs[0] is > 0 and var read
        && layers[read - 1] is not ActivationLayer;

    /// <summary>The last layer with weights on the way to the output.</summary>
    /// <param name="graph">A network that has one.</param>
    public static Layer HeadOf(NetworkGraph graph)
    {
        var layer = graph.Layers[graph.OutputId - 1];
        while (layer.Parameters.IsEmpty)
        {
            layer = graph.Layers[layer.Inputs[0] - 1];
        }
        return layer;
    }
}
