namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>One output row of a convolution: the rows it reads, the kernel rows inside it, and where it is written.</summary>
internal readonly unsafe struct OutputLine(RowRing input, TapRange rows, TileOutput output)
{
    public RowRing Input => input;
    public TapRange Rows => rows;
    public TileOutput Output => output;
}
