using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>
/// Trained weights under a classifier of its own: the last layer that has any weights gets new ones from
/// <see cref="WeightFormula"/>, and so may have another number of classes. So do layers after the global pool that the
/// trained weights lack.
/// </summary>
internal static class NewHead
{
    /// <summary>The layers that get new weights: the last one, and those that the trained weights lack.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="trained">Weights of the same network with any number of classes, or without its head.</param>
    public static IEnumerable<Layer> LayersOf(NetworkGraph graph, WeightSet trained) =>
        LackingIn(graph, trained).Union([HeadOf(graph)]);

    /// <summary>The layers that weights are missing of.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="trained">Its weights, or a part of them.</param>
    public static IEnumerable<Layer> LackingIn(NetworkGraph graph, WeightSet trained) =>
        graph.Layers.Where(layer => !layer.Parameters.All(parameter => trained.Tensors.ContainsKey(parameter.Name)));

    /// <summary>The weights of a network, all but the head's as they were trained.</summary>
    /// <param name="graph">The network with its new number of classes.</param>
    /// <param name="trained">Weights of the same network with any number of classes, or without its head.</param>
    /// <param name="seed">Seed of the head.</param>
    public static WeightSet Attach(NetworkGraph graph, WeightSet trained, ulong seed)
    {
        var names = LayersOf(graph, trained).SelectMany(layer => layer.Parameters, (_, parameter) => parameter.Name);
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
    public static bool IsHead(NetworkGraph graph, IReadOnlySet<string> names) =>
        names.Count > 0 && From(graph, names) is { } head && names.SetEquals(head);

    /// <summary>
    /// The head as far as it is not to be used: the parameters of the first layer that lacks any and of all after it, at
    /// least those of the last layer.
    /// </summary>
    /// <param name="graph">The network.</param>
    /// <param name="lacking">The parameters that it lacks.</param>
    /// <returns>None where that layer is no layer of a head, as <see cref="IsHead"/> means it.</returns>
    public static IReadOnlySet<string>? From(NetworkGraph graph, IReadOnlySet<string> lacking)
    {
        var layers = graph.Layers.ToList();
        var first = layers.FindIndex(layer => layer.Parameters.Any(parameter => lacking.Contains(parameter.Name)));
        first = first < 0 ? layers.FindLastIndex(layer => !layer.Parameters.IsEmpty) : first;
        var isLate =
            FeatureLevels.Embedding(graph) is { } pool && (first >= pool || FollowsBlocks(layers, first, pool));
        return isLate
            ? layers.Skip(first).SelectMany(layer => layer.Parameters, (_, parameter) => parameter.Name).ToHashSet()
            : null;
    }

    /// <summary>The parameters of all layers before the global pool; of all layers where there is none.</summary>
    /// <param name="graph">The network.</param>
    public static IEnumerable<Parameter> Trunk(NetworkGraph graph) =>
        graph.Layers.Take(FeatureLevels.Embedding(graph) ?? graph.Layers.Length).SelectMany(layer => layer.Parameters);

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
