using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>The one pooling with a window that the family uses.</summary>
internal static class Pooling
{
    private static readonly Window _halving = new(
        Extent.Square(2),
        Extent.Square(2),
        Extent.Square(1),
        Padding: default
    );

    /// <summary>Appends the maximum over 2x2 positions with stride 2; an odd last row or column is dropped.</summary>
    public static Value HalvingMaxPool(this GraphBuilder graph, string name, Value input) =>
        graph.Pool(name, input, PoolKind.Max, _halving);
}
