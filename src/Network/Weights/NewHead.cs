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
    /// without their classifier (<c>include_top=False</c>, <c>num_classes=0</c>), and only that.
    /// </summary>
    /// <param name="graph">The network.</param>
    /// <param name="names">The parameters.</param>
    public static bool IsHead(NetworkGraph graph, IReadOnlySet<string> names)
    {
        var pool = FeatureLevels.Embedding(graph) ?? graph.Layers.Length;
        var lacking = graph
            .Layers.Skip(pool)
            .SkipWhile(layer => !layer.Parameters.Any(parameter => names.Contains(parameter.Name)))
            .SelectMany(layer => layer.Parameters, (_, parameter) => parameter.Name);
        return names.Count > 0 && names.SetEquals(lacking);
    }

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
