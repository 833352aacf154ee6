using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>What the operators of an ONNX file compute, and which elements they do that with. The file must stay open.</summary>
/// <param name="file">The file.</param>
/// <param name="graph">What they compute.</param>
/// <param name="weights">What the layers use.</param>
internal sealed class OnnxComputation(OnnxFile file, NetworkGraph graph, OnnxWeights weights)
{
    /// <summary>The layers.</summary>
    public NetworkGraph Graph => graph;

    /// <summary>Operators that cannot be read, for notes; null where there is none.</summary>
    public string? Unread { get; init; }

    /// <summary>Layers before the first operator that is left out, with all that reads it; null where none is.</summary>
    public int? LayersBeforeGap { get; init; }

    /// <summary>Whether a layer uses what a network takes; a bias that one of them has not is 0.</summary>
    /// <param name="used">The parameter of the layer; null where it has none.</param>
    /// <param name="bound">The network's parameter with its tensor; null where it has none.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public bool Uses(Parameter? used, ParameterMatch? bound, CancellationToken cancellationToken) =>
        (used, bound) switch
        {
            ({ } parameter, { } match) => file.IsSame(weights.ElementsOf(parameter), match, cancellationToken),
            ({ } parameter, null) => file.IsZero(weights.ElementsOf(parameter)),
            (null, { Tensor: var tensor }) => file.IsZero(tensor!, cancellationToken),
            (null, null) => true,
        };
}
