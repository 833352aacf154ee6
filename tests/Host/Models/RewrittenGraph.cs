using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Host.Tests.Models;

/// <summary>Graphs as a file might have them: with other layers, or with tensors of other names.</summary>
internal static class RewrittenGraph
{
    public static NetworkGraph WithLayers(this NetworkGraph graph, Func<Layer, Layer> change) =>
        graph with
        {
            Layers = [.. graph.Layers.Select(change)],
        };

    public static NetworkGraph WithNamesOf(this NetworkGraph graph, string architecture, string form)
    {
        var names = ArchitectureCatalog
            .Get(architecture)
            .FormOf(form)
            .ParametersOf(graph)[0]
            .ToDictionary(stored => stored.Parameter.Name, stored => stored.Names[0]);
        return graph.WithNames(name => names[name]);
    }

    public static NetworkGraph WithNames(this NetworkGraph graph, Func<string, string> name)
    {
        Parameter Named(Parameter parameter) => parameter with { Name = name(parameter.Name) };
        Parameter? NamedBias(Parameter? bias) => bias is null ? null : Named(bias);
        return graph.WithLayers(layer =>
            layer switch
            {
                ConvolutionLayer { Weight: var weight } convolution => convolution with
                {
                    Weight = Named(weight),
                    Bias = NamedBias(convolution.Bias),
                },
                LinearLayer { Weight: var weight } linear => linear with
                {
                    Weight = Named(weight),
                    Bias = NamedBias(linear.Bias),
                },
                BatchNormLayer { Statistics: var (scale, offset, mean, variance) } norm => norm with
                {
                    Statistics = new(Named(scale), Named(offset), Named(mean), Named(variance)),
                },
                _ => layer,
            }
        );
    }
}
