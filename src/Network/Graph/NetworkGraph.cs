using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Graph;

/// <summary>A network as unfused layers in topological order, with one input and one output.</summary>
/// <param name="Name">Name of the network or of the file it came from.</param>
/// <param name="Input">Shape of one input image.</param>
/// <param name="Layers">Layer <c>i</c> produces value <c>i + 1</c> and reads only values up to <c>i</c>.</param>
/// <param name="OutputId">Id of the value that is the network's output.</param>
public sealed record NetworkGraph(string Name, FeatureShape Input, ImmutableArray<Layer> Layers, int OutputId)
{
    /// <summary>Shape of the network's output, without the batch.</summary>
    public FeatureShape Output => ShapeOf(OutputId);

    /// <summary>All weights, each name once, in the order of the layers.</summary>
    public IEnumerable<Parameter> Parameters => Layers.SelectMany(layer => layer.Parameters).DistinctBy(p => p.Name);

    /// <summary>Shape of a value.</summary>
    /// <param name="id">Its id.</param>
    public FeatureShape ShapeOf(int id) => id == 0 ? Input : Layers[id - 1].Output;
}
