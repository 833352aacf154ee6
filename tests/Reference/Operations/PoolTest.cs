using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>One pooling to test or to measure.</summary>
/// <param name="Batch">Images.</param>
/// <param name="Input">One input image.</param>
/// <param name="Window">Kernel, stride, dilation, padding.</param>
public sealed record PoolTest(int Batch, FeatureShape Input, Window Window)
{
    /// <summary>The cases every implementation is held to.</summary>
    public static IReadOnlyList<PoolTest> All { get; } =
    [
        new(1, new(1, 1, 1), Window.Pointwise),
        new(2, new(4, 96, 200), new(Extent.Square(2), Extent.Square(2), Extent.Square(1), default)),
        new(2, new(7, 5, 17), new(Extent.Square(3), Extent.Square(2), Extent.Square(1), new(1, 1, 1, 1))),
        new(1, new(9, 9, 33), new(new(3, 2), new(1, 3), new(2, 1), new(1, 0, 2, 1))),
        new(3, new(2, 2, 8), new(Extent.Square(2), Extent.Square(5), Extent.Square(1), default)),
    ];

    /// <summary>One output image.</summary>
    public FeatureShape Output
    {
        get
        {
            var (height, width) = Window.OutputExtent(Input.Height, Input.Width);
            return new(height, width, Input.Channels);
        }
    }

    /// <summary><c>[N, H, W, C]</c>.</summary>
    public float[] InputValues() => TestValues.Uniform(1, Batch * Input.ElementCount);
}
