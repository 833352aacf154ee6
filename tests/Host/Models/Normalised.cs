using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host.Tests.Models;

/// <summary>Networks that normalise their pictures themselves, as some exports do.</summary>
internal static class Normalised
{
    /// <summary>A network with formula weights behind a normalisation.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="way">How its pictures are normalised.</param>
    /// <param name="largest">The largest value of a pixel: 255 or 1.</param>
    public static Model By(NetworkGraph graph, Preprocessing way, float largest)
    {
        var (mean, std) = (InOrder(way.Mean, way.Order), InOrder(way.Std, way.Order));
        Dictionary<string, float[]> vectors = new()
        {
            ["input.scale"] = [.. std.Select(deviation => 1 / (largest * deviation))],
            ["input.offset"] = [.. mean.Zip(std, (own, deviation) => -own / deviation)],
            ["input.mean"] = new float[3],
            ["input.variance"] = [1, 1, 1],
        };
        Parameter[] parameters = [.. vectors.Keys.Select(name => new Parameter(name, [3]))];
        var factors = new BatchNormLayer(
            "normalised",
            [0],
            graph.Input,
            0,
            new(parameters[0], parameters[1], parameters[2], parameters[3])
        );
        var weights = WeightFormula.Create(graph, 1);
        var tensors = weights.Tensors.AddRange(
            vectors.Select(vector => KeyValuePair.Create(vector.Key, new Tensor([3], vector.Value)))
        );
        return new(Before(graph, factors), weights with { Tensors = tensors });
    }

    /// <summary>A network behind a layer that reads the image.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="first">The layer.</param>
    public static NetworkGraph Before(NetworkGraph graph, Layer first) =>
        graph with
        {
            Layers =
            [
                first,
                .. graph.Layers.Select(layer => layer with { Inputs = [.. layer.Inputs.Select(id => id + 1)] }),
            ],
            OutputId = graph.OutputId + 1,
        };

    private static ImmutableArray<float> InOrder(ColourValues values, ChannelOrder order) =>
        order == ChannelOrder.Rgb ? [values.Red, values.Green, values.Blue] : [values.Blue, values.Green, values.Red];
}
