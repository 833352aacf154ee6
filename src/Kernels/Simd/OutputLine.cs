namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>One output row of a convolution: the image it reads, the kernel rows inside it, and where it is written.</summary>
internal readonly unsafe struct OutputLine(float* image, TapRange rows, TileOutput output)
{
    public float* Image => image;
    public TapRange Rows => rows;
    public TileOutput Output => output;
}
