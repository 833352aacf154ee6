namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>
/// How an image is cut for the sums of <see cref="DepthwiseConv"/>: blocks of channels times bands of strips. Depends on
/// the image's shape only, so that the order of a sum does.
/// </summary>
internal readonly struct DepthwiseBands
{
    /// <summary>Threads of a group at most; every device has as many.</summary>
    public const int LargestGroup = 256;

    private const int LargestBlock = 64;
    private const int LargestCount = 32; // more would cost those who add the bands up more than it gains here

    public readonly int BlockQuads; // channels of a block, in Float4
    public readonly int BlockCount;
    public readonly int LaneCount; // threads of a group with the same channels
    public readonly int StripCount; // strips of a band
    public readonly int Count; // bands

    /// <summary>Cuts an image.</summary>
    /// <param name="output">The output image.</param>
    public DepthwiseBands(FeatureShape output)
    {
        var quads = Float4.CountFor(output.Channels);
        BlockCount = CeilingDivide(quads, LargestBlock);
        BlockQuads = CeilingDivide(quads, 2 * BlockCount) * 2; // even: blocks begin where sectors of 32 bytes do
        var strips = checked(output.Height * Strip.CountFor(output.Width));
        LaneCount = Math.Min(LargestGroup / BlockQuads, strips);
        StripCount = LaneCount * CeilingDivide(strips, LaneCount * LargestCount);
        Count = CeilingDivide(strips, StripCount);
    }

    /// <summary>Threads of a group.</summary>
    public int GroupSize => BlockQuads * LaneCount;

    private static int CeilingDivide(int dividend, int divisor) => (dividend - 1) / divisor + 1;
}
