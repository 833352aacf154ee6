using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures.Blocks;

/// <summary>
/// Squeeze-and-excitation (arXiv:1709.01507): <c>x · g(W2 · r(W1 · mean(x) + b1) + b2)</c>, one gate per image and
/// channel; <c>r</c> and <c>g</c> are the family's.
/// </summary>
/// <param name="Names">Names of the layers.</param>
/// <param name="Squeezed">Channels between the two convolutions, at least 1.</param>
public sealed record SqueezeExcite(SqueezeExciteNames Names, int Squeezed) : Block
{
    private protected override Value Append(GraphBuilder graph, Value input, Family family)
    {
        var reduce = new ConvolutionUnit(Names.Reduce, Squeezed) { Activation = family.SqueezeActivation };
        var expand = new ConvolutionUnit(Names.Expand, input.Shape.Channels) { Activation = family.Gate };
        var mean = graph.GlobalAveragePool(Names.Pool, input);
        var gate = expand.AppendTo(graph, reduce.AppendTo(graph, mean, family), family);
        return graph.Scale(Names.Scale, input, gate);
    }
}
