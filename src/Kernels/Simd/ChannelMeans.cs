using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// Mean of each channel over the positions of an image. Rows are summed on their own first, which keeps the rounding
/// error of large maps small and the bits independent of threads. The work is cut into blocks of channels of one image.
/// </summary>
internal abstract unsafe class ChannelMeans
{
    private const int LeastChannels = 128; // of a block
    private const int LeastNumbers = 1 << 15; // of a block: fewer are added up sooner than another thread begins

    private readonly int _blockChannels;

    protected ChannelMeans(FeatureShape shape, int stride, long divisor)
    {
        (Shape, Stride, Divisor) = (shape, stride, divisor);
        _blockChannels = (int)Math.Max(1, LeastNumbers / shape.PixelCount / LeastChannels) * LeastChannels;
    }

    /// <summary>Channels in memory.</summary>
    public int Stride { get; }

    /// <summary>Blocks of an image.</summary>
    public int BlockCount => SimdOperation.Ratio(Stride, _blockChannels);

    protected FeatureShape Shape { get; }

    /// <summary>What the sums are divided by.</summary>
    protected long Divisor { get; }

    /// <summary>The means of feature maps.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="shape">One input image.</param>
    public static ChannelMeans Of(SimdWidth width, FeatureShape shape) => Create(width, shape, shape.PixelCount);

    /// <summary>The sums of an image's rows, <c>[H, C]</c>: each row counts as an image.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="shape">One image.</param>
    public static ChannelMeans RowSums(SimdWidth width, FeatureShape shape) =>
        Create(width, shape with { Height = 1 }, 1);

    /// <summary>The means of feature maps whose row sums are there already.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="shape">One image.</param>
    public static ChannelMeans OfRowSums(SimdWidth width, FeatureShape shape) =>
        Create(width, shape with { Width = 1 }, shape.PixelCount);

    /// <summary>Computes a block.</summary>
    /// <param name="images">The images, <c>[N, H, W, C]</c>.</param>
    /// <param name="means">Receives the means, <c>[N, C]</c>.</param>
    /// <param name="index">From 0, counted through all images.</param>
    public void RunBlock(float* images, float* means, int index)
    {
        var (image, block) = Math.DivRem(index, BlockCount);
        var first = block * _blockChannels;
        Run(
            images + image * (nint)Shape.PixelCount * Stride,
            means + (nint)image * Stride,
            first,
            Math.Min(first + _blockChannels, Stride)
        );
    }

    /// <summary>Computes all channels of an image.</summary>
    /// <param name="image">The image, <c>[H, W, C]</c>.</param>
    /// <param name="means">Receives the means, <c>[C]</c>.</param>
    public void Run(float* image, float* means) => Run(image, means, 0, Stride);

    /// <summary>Computes a range of channels.</summary>
    /// <param name="image">The image, <c>[H, W, C]</c>.</param>
    /// <param name="means">Receives the means, <c>[C]</c>.</param>
    /// <param name="first">First channel, a multiple of the width.</param>
    /// <param name="end">Channel after the last, a multiple of the width.</param>
    protected abstract void Run(float* image, float* means, int first, int end);

    private static ChannelMeans Create(SimdWidth width, FeatureShape shape, long divisor) =>
        (ChannelMeans)Simd.Specialise<Factory>(width, new(shape, Simd.PaddedChannels(shape.Channels, width), divisor));

    private readonly struct Factory(FeatureShape shape, int stride, long divisor) : IWidthFactory
    {
        public object Create<TVector, TLanes>()
            where TVector : struct
            where TLanes : struct, ILanes<TVector> => new ChannelMeans<TVector, TLanes>(shape, stride, divisor);
    }
}

/// <inheritdoc/>
internal sealed unsafe class ChannelMeans<TVector, TLanes>(FeatureShape shape, int stride, long divisor)
    : ChannelMeans(shape, stride, divisor)
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <inheritdoc/>
    protected override void Run(float* image, float* means, int first, int end)
    {
        var scale = TLanes.Create(1f / Divisor);
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

    [MethodImpl(HotLoop.Compilation)]
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
