using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// Mean of each channel over the positions of an image. Rows are summed on their own first, which keeps the rounding
/// error of large maps small and the bits independent of threads. The work is cut into blocks of channels of one image.
/// </summary>
internal abstract unsafe class ChannelMeans(FeatureShape shape, int stride)
{
    private const int BlockChannels = 128;

    /// <summary>Channels in memory.</summary>
    public int Stride => stride;

    /// <summary>Blocks of an image.</summary>
    public int BlockCount => (stride + BlockChannels - 1) / BlockChannels;

    protected FeatureShape Shape => shape;

    /// <summary>The version for a vector width.</summary>
    public static ChannelMeans Create(SimdWidth width, FeatureShape shape) =>
        Simd.Specialise<ChannelMeans, Factory>(width, new(shape, Simd.PaddedChannels(shape.Channels, width)));

    /// <summary>Computes a block.</summary>
    /// <param name="images">The images, <c>[N, H, W, C]</c>.</param>
    /// <param name="means">Receives the means, <c>[N, C]</c>.</param>
    /// <param name="index">From 0, counted through all images.</param>
    public void RunBlock(float* images, float* means, int index)
    {
        var (image, block) = Math.DivRem(index, BlockCount);
        var first = block * BlockChannels;
        Run(
            images + image * (nint)shape.PixelCount * stride,
            means + (nint)image * stride,
            first,
            Math.Min(first + BlockChannels, stride)
        );
    }

    /// <summary>Computes a range of channels.</summary>
    /// <param name="image">The image, <c>[H, W, C]</c>.</param>
    /// <param name="means">Receives the means, <c>[C]</c>.</param>
    /// <param name="first">First channel, a multiple of the width.</param>
    /// <param name="end">Channel after the last, a multiple of the width.</param>
    protected abstract void Run(float* image, float* means, int first, int end);

    private readonly struct Factory(FeatureShape shape, int stride) : IWidthFactory<ChannelMeans>
    {
        public ChannelMeans Create<TVector, TLanes>()
            where TVector : struct
            where TLanes : struct, ILanes<TVector> => new ChannelMeans<TVector, TLanes>(shape, stride);
    }
}

/// <inheritdoc/>
internal sealed unsafe class ChannelMeans<TVector, TLanes>(FeatureShape shape, int stride) : ChannelMeans(shape, stride)
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <inheritdoc/>
    protected override void Run(float* image, float* means, int first, int end)
    {
        var scale = TLanes.Create(1f / Shape.PixelCount);
        for (nint c = first; c < end; c += TLanes.Count)
        {
            var total = TLanes.Create(0);
            for (var y = 0; y < Shape.Height; y++)
            {
                total = TLanes.Add(total, RowSum(image + (nint)y * Shape.Width * Stride + c));
            }
            TLanes.Store(TLanes.Multiply(total, scale), means + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TVector RowSum(float* row)
    {
        var sum = TLanes.Create(0);
        for (var x = 0; x < Shape.Width; x++)
        {
            sum = TLanes.Add(sum, TLanes.Load(row + (nint)x * Stride));
        }
        return sum;
    }
}
