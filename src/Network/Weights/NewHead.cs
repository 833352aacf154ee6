using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>
/// Trained weights under a classifier of its own: the last layer that has any weights gets new ones from
/// <see cref="WeightFormula"/>, and so may have another number of classes.
/// </summary>
internal static class NewHead
{
    /// <summary>The weights of a network, all but the head's as they were trained.</summary>
    /// <param name="graph">The network with its new number of classes.</param>
    /// <param name="trained">Weights of the same network with any number of classes.</param>
    /// <param name="seed">Seed of the head.</param>
    public static WeightSet Attach(NetworkGraph graph, WeightSet trained, ulong seed)
    {
        var names = HeadOf(graph).Parameters.Select(parameter => parameter.Name);
        var drawn = WeightFormula.Create(graph, seed).Tensors;
        return new(
            trained.Source,
            trained.Tensors.SetItems(names.Select(name => KeyValuePair.Create(name, drawn[name])))
        );
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
