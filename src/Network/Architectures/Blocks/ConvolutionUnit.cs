using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures.Blocks;

/// <summary>Convolution, batch normalisation, activation: <c>act(bn(conv(x)))</c>.</summary>
/// <param name="Names">Names of the layers; without a name for it there is no batch normalisation.</param>
/// <param name="Out">Channels produced, at least 1.</param>
public sealed record ConvolutionUnit(UnitNames Names, int Out) : Block
{
    /// <summary>Kernel size; 1x1 unless set.</summary>
    public Extent Kernel { get; init; } = Extent.Square(1);

    /// <summary>Stride; 1x1 unless set.</summary>
    public Extent Stride { get; init; } = Extent.Square(1);

    /// <summary>1 unless set; the number of input channels for a depthwise convolution.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>The function at the end; the identity unless set.</summary>
    public Activation Activation { get; init; }

    /// <summary>The first unit of a network that halves its image: 3x3 with stride 2.</summary>
    internal static ConvolutionUnit HalvingStem(UnitNames names, int channels, Activation activation) =>
        new(names, channels)
        {
            Kernel = Extent.Square(3),
            Stride = Extent.Square(2),
            Activation = activation,
        };

    private protected override Value Append(GraphBuilder graph, Value input, Family family)
    {
        var hasBias = family.HasConvolutionBias || Names.BatchNorm is null;
        var window = family.WindowOver(input.Shape, Kernel, Stride);
        var value = graph.Convolution(Names.Convolution, input, Out, window, new(Groups, hasBias));
        if (Names.BatchNorm is { } batchNorm)
        {
            value = graph.BatchNorm(batchNorm, value, family.BatchNormEpsilon);
        }
        return graph.Activation(Names.Activation, value, Activation);
    }
}
