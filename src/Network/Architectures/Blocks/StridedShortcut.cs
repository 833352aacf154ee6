using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures.Blocks;

/// <summary>
/// The shortcut of a residual block that changes resolution or channels: a 1x1 convolution with the block's stride
/// and a batch normalisation, <c>bn(conv(x))</c> (arXiv:1512.03385, section 3.3, option B).
/// </summary>
/// <param name="Names">Names of the layers; without a name for it there is no batch normalisation.</param>
/// <param name="Out">Channels produced, at least 1.</param>
public sealed record StridedShortcut(UnitNames Names, int Out) : Block
{
    /// <summary>Stride; 1x1 unless set.</summary>
    public Extent Stride { get; init; } = Extent.Square(1);

    private protected override Value Append(GraphBuilder graph, Value input, Family family) =>
        new ConvolutionUnit(Names, Out) { Stride = Stride }.AppendTo(graph, input, family);
}
