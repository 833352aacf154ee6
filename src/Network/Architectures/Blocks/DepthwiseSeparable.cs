using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures.Blocks;

/// <summary>
/// Depthwise-separable convolution (arXiv:1704.04861, section 3.1):
/// <c>act(bn(pointwise(act(bn(depthwise(x))))))</c>, with a squeeze-excite between the two where asked for.
/// </summary>
/// <param name="Names">Names of the layers.</param>
/// <param name="Out">Channels produced, at least 1.</param>
public sealed record DepthwiseSeparable(DepthwiseSeparableNames Names, int Out) : Block
{
    /// <summary>Kernel of the depthwise convolution; 3x3 unless set.</summary>
    public Extent Kernel { get; init; } = Extent.Square(3);

    /// <summary>Stride of the depthwise convolution; 1x1 unless set.</summary>
    public Extent Stride { get; init; } = Extent.Square(1);

    /// <summary>What follows each batch normalisation; ReLU unless set.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Whether nothing follows the pointwise convolution's batch normalisation: MobileNetV2's linear bottleneck.</summary>
    public bool IsLinear { get; init; }

    /// <summary>Channels in the middle of the squeeze-excite; null for none.</summary>
    public int? Squeezed { get; init; }

    private protected override Value Append(GraphBuilder graph, Value input, Family family)
    {
        var channels = input.Shape.Channels;
        var depthwise = new ConvolutionUnit(Names.Depthwise, channels)
        {
            Kernel = Kernel,
            Stride = Stride,
            Groups = channels,
            Activation = Activation,
        };
        var value = depthwise.AppendTo(graph, input, family);
        if (Squeezed is { } squeezed)
        {
            value = new SqueezeExcite(Names.SqueezeExcite, squeezed).AppendTo(graph, value, family);
        }
        var pointwise = new ConvolutionUnit(Names.Pointwise, Out)
        {
            Activation = IsLinear ? Activation.Identity : Activation,
        };
        return pointwise.AppendTo(graph, value, family);
    }
}
