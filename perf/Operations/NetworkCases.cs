using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

/// <summary>The shapes that networks really have.</summary>
internal static class NetworkCases
{
    /// <summary>Distinct convolutions of V1 and V3-Large, largest first; fully connected layers are of one pixel.</summary>
    public static IEnumerable<ConvolutionTest> Convolutions(Func<ConvolutionTest, bool> isWanted) =>
        new[] { "mobilenet_v1", "mobilenet_v3_large" }
            .Select(name => ArchitectureCatalog.Get(name).Build(new()))
            .SelectMany(graph => graph.Layers.Select(layer => CaseOf(graph, layer)).OfType<ConvolutionTest>())
            .Where(isWanted)
            .Distinct()
            .OrderByDescending(test => test.MultiplyAdds);

    private static ConvolutionTest? CaseOf(NetworkGraph graph, Layer layer)
    {
        var (input, channels) = (graph.ShapeOf(layer.Inputs[0]), layer.Output.Channels);
        return layer switch
        {
            ConvolutionLayer { Geometry: var geometry } => new(1, input, channels, geometry.Window, geometry.Groups),
            LinearLayer => new(1, input, channels, Window.Pointwise),
            _ => null,
        };
    }
}
