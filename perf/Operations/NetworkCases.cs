using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;
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

    /// <summary>Distinct chains that a session of the four big networks ties for one image on one thread.</summary>
    /// <param name="width">Vector width.</param>
    public static IEnumerable<ChainTest> Chains(SimdWidth width) =>
        new[] { "mobilenet_v1", "mobilenet_v2", "mobilenet_v3_large", "mobilenet_v3_small" }
            .Select(name => ArchitectureCatalog.Get(name).Build(new()))
            .Select(graph => Fusion.Run(new Model(graph, WeightFormula.Create(graph, 1))))
            .SelectMany(steps =>
                RowChains.Tie(steps, [steps[^1].Output.Id], width, RowChainLimits.For(1, 1)).OfType<RowChainStep>()
            )
            .Select(CaseOf)
            .DistinctBy(test => test.ToString());

    private static ChainTest CaseOf(RowChainStep chain) =>
        new(1, chain.Input.Shape, [.. chain.Stages.Select(StageOf)])
        {
            HasGate = chain.Gate is not null,
            ResidualStage = chain.ResidualStage,
            ReadsPacked = chain.ReadsPackedInput,
        };

    private static ChainStage StageOf(ConvolutionStep step)
    {
        var channels = step.Kind == ConvolutionKind.Depthwise ? null : (int?)step.Output.Shape.Channels;
        return new(step.Geometry.Window, channels) { Activation = step.Layer.Activation };
    }

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
