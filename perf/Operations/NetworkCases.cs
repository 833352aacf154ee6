using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

/// <summary>The shapes that networks really have.</summary>
internal static class NetworkCases
{
    /// <summary>Distinct convolutions of V1 and V3-Large, largest first.</summary>
    public static IEnumerable<ConvolutionTest> Convolutions(Func<ConvolutionTest, bool> isWanted) =>
        new[] { "mobilenet_v1", "mobilenet_v3_large" }
            .Select(name => ArchitectureCatalog.Get(name).Build(new()))
            .SelectMany(graph => graph.Layers.OfType<ConvolutionLayer>().Select(layer => CaseOf(graph, layer)))
            .Where(isWanted)
            .Distinct()
            .OrderByDescending(test => test.MultiplyAdds);

    private static ConvolutionTest CaseOf(NetworkGraph graph, ConvolutionLayer layer) =>
        new(1, graph.ShapeOf(layer.Inputs[0]), layer.Output.Channels, layer.Geometry.Window, layer.Geometry.Groups);
}
