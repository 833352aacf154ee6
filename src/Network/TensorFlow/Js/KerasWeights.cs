using ILGpuMobileNet.Network.Onnx;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>The weights of a layers model by their layers: <c>conv1/kernel</c>, with scopes before it or without.</summary>
internal sealed class KerasWeights
{
    /// <summary>Parts of a name, from its end, that may be a layer's: longer ones have no network.</summary>
    private const int MostParts = 8;

    private readonly TfjsWeights _weights;
    private readonly Dictionary<string, TfjsTensor> _variables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TfjsTensor> _layers = new(StringComparer.Ordinal);

    /// <summary>Sorts the weights of a file.</summary>
    /// <param name="weights">The weights.</param>
    public KerasWeights(TfjsWeights weights)
    {
        _weights = weights;
        // Names without a scope go before those that only end so.
        foreach (var tensor in weights.Tensors.OrderBy(tensor => tensor.Stored.Name.Length))
        {
            var name = TfjsNode.WithoutIndex(tensor.Stored.Name);
            var start = name.Length;
            for (var part = 0; part < MostParts && start > 0; part++)
            {
                start = name.LastIndexOf('/', start - 1);
                _variables.TryAdd(name[(start + 1)..], tensor);
                if (part > 0)
                {
                    _layers.TryAdd(name[(start + 1)..name.LastIndexOf('/')], tensor);
                }
            }
        }
    }

    /// <summary>A weight of a layer; none where it has none of these.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <param name="variables">What Keras calls it.</param>
    public TfjsTensor? Find(string layer, params ReadOnlySpan<string> variables)
    {
        foreach (var variable in variables)
        {
            if (_variables.TryGetValue($"{layer}/{variable}", out var tensor))
            {
                return tensor;
            }
        }
        return null;
    }

    /// <summary>Some weight of a layer; none where it has none.</summary>
    /// <param name="layer">Name of the layer.</param>
    public TfjsTensor? FindAny(string layer) => _layers.GetValueOrDefault(layer);

    /// <summary>Declares a weight as a constant of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="tensor">The weight.</param>
    public string Declare(ChannelsLastGraph graph, TfjsTensor tensor)
    {
        var axes = Array.ConvertAll<int, long>([.. tensor.Stored.Shape], axis => axis);
        graph.Tensor(tensor.Stored.Name, axes, new TfjsElements(_weights, tensor), OnnxDataType.Float);
        return tensor.Stored.Name;
    }
}
