using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>A network with formula weights, and a batch of formula images.</summary>
internal sealed class Workload
{
    public Workload(string network, int batch)
        : this(network, new(), batch) { }

    public Workload(string network, ArchitectureOptions options, int batch)
    {
        var graph = ArchitectureCatalog.Get(network).Build(options);
        Model = new(graph, WeightFormula.Create(graph, 1));
        Images = new float[batch * graph.Input.ElementCount];
        WeightFormula.Fill("input", 1, Images, 2, -1);
    }

    /// <summary>The network.</summary>
    public Model Model { get; }

    /// <summary><c>[N, H, W, C]</c>.</summary>
    public float[] Images { get; }
}
