using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures.Blocks;

/// <summary>
/// Inverted residual with linear bottleneck (arXiv:1801.04381, section 3.4; with squeeze-excite arXiv:1905.02244,
/// figure 4): a pointwise expansion, then a depthwise-separable convolution without activation at its end, plus the
/// block's input where stride is 1 and the channels agree.
/// </summary>
/// <param name="Names">Names of the layers.</param>
/// <param name="Out">Channels produced, at least 1.</param>
public sealed record InvertedResidual(InvertedResidualNames Names, int Out) : Block
{
    /// <summary>Channels of the depthwise convolution; null where it reads the input without an expansion.</summary>
    public int? Expanded { get; init; }

    /// <summary>Kernel of the depthwise convolution; 3x3 unless set.</summary>
    public Extent Kernel { get; init; } = Extent.Square(3);

    /// <summary>Stride of the depthwise convolution; 1x1 unless set.</summary>
    public Extent Stride { get; init; } = Extent.Square(1);

    /// <summary>What follows the expansion and the depthwise convolution; ReLU6 unless set.</summary>
    public Activation Activation { get; init; } = Activation.Relu6;

    /// <summary>Channels in the middle of the squeeze-excite; null for none.</summary>
    public int? Squeezed { get; init; }

    /// <summary>What carries the input to the sum where the identity does not fit; null for no shortcut there.</summary>
    public StridedShortcut? Shortcut { get; init; }

    private protected override Value Append(GraphBuilder graph, Value input, Family family)
    {
        var value = input;
        if (Expanded is { } expanded)
        {
            var expand = new ConvolutionUnit(Names.Expand, expanded) { Activation = Activation };
            value = expand.AppendTo(graph, value, family);
        }
        value = Separable.AppendTo(graph, value, family);
        var identityFits = Stride == Extent.Square(1) && input.Shape.Channels == Out;
        var shortcut = identityFits ? input : Shortcut?.AppendTo(graph, input, family);
        return shortcut is { } summand ? graph.Add(Names.Add, value, summand) : value;
    }

    private DepthwiseSeparable Separable =>
        new(Names.Separable, Out)
        {
            Kernel = Kernel,
            Stride = Stride,
            Activation = Activation,
            IsLinear = true,
            Squeezed = Squeezed,
        };
}
