using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network;

/// <summary>A network with the weights that fit it.</summary>
/// <param name="Graph">The unfused network.</param>
/// <param name="Weights">Its weights, by the names the graph's parameters have.</param>
public sealed record Model(NetworkGraph Graph, WeightSet Weights);
