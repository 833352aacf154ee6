using ILGPU;
using ILGPU.Runtime;
using Kernel = System.Action<
    ILGPU.Runtime.AcceleratorStream,
    ILGPU.KernelConfig,
    ILGPU.ArrayView<ILGpuMobileNet.Kernels.Gpu.Float4>,
    ILGPU.ArrayView<ILGpuMobileNet.Kernels.Gpu.Float4>,
    ILGpuMobileNet.Kernels.Gpu.ChannelSumsShape
>;
using Method = System.Action<
    ILGPU.ArrayView<ILGpuMobileNet.Kernels.Gpu.Float4>,
    ILGPU.ArrayView<ILGpuMobileNet.Kernels.Gpu.Float4>,
    ILGpuMobileNet.Kernels.Gpu.ChannelSumsShape
>;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>What the kernel of <see cref="ChannelSums"/> computes.</summary>
/// <param name="pixels">Pixels of an image, <c>H·W</c>.</param>
/// <param name="channels">Channels, in <see cref="Float4"/>.</param>
/// <param name="bandCount">Bands of an image.</param>
/// <param name="scale">Factor of every sum.</param>
internal readonly struct ChannelSumsShape(int pixels, int channels, int bandCount, float scale)
{
    public readonly int Pixels = pixels;
    public readonly int Channels = channels;
    public readonly int BandCount = bandCount;
    public readonly float Scale = scale;
}

/// <summary>
/// <c>scale · sum</c> of each channel over bands of an image's pixels. There are as many bands as asked for, whatever
/// the batch, so that an image has the same bits in any.
/// </summary>
/// <param name="shape">One input image.</param>
/// <param name="bandCount">Bands, at least 1.</param>
/// <param name="scale">Factor of every sum.</param>
internal sealed class ChannelSums(FeatureShape shape, int bandCount, float scale)
{
    private const int BandPixels = 512; // eight for each thread

    private static readonly Method s_method = BandsKernel;

    private readonly ChannelSumsShape _shape = new(
        checked((int)shape.PixelCount),
        Float4.CountFor(shape.Channels),
        bandCount,
        scale
    );

    private Kernel? _kernel;

    /// <summary>See <see cref="GpuOperation.Kernels"/>.</summary>
    public static IEnumerable<Delegate> Kernels => [s_method];

    /// <summary>Elements that an image's sums take.</summary>
    public int Length => checked(bandCount * _shape.Channels);

    /// <summary>The bands that keep a device busy with an image.</summary>
    /// <param name="shape">One input image.</param>
    public static int BandCountFor(FeatureShape shape) =>
        checked((int)((shape.PixelCount + BandPixels - 1) / BandPixels));

    /// <summary>Compiles the kernel.</summary>
    /// <param name="accelerator">The device.</param>
    public void Load(Accelerator accelerator) => _kernel = accelerator.LoadKernel(s_method);

    /// <summary>Puts the kernel into a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="batch">Images N.</param>
    /// <param name="input"><c>[N, H, W, C/4]</c>.</param>
    /// <param name="sums">Receives <c>[N, bands, C/4]</c>.</param>
    public void Launch(AcceleratorStream stream, int batch, ArrayView<Float4> input, ArrayView<Float4> sums)
    {
        _ = checked(batch * _shape.Pixels * _shape.Channels); // the kernel counts with 32 bits
        var groups = checked(batch * bandCount * TilesAcross(_shape.Channels));
        _kernel!(stream, (groups, SlicedGroup.ThreadCount), input, sums, _shape);
    }

    private static int TilesAcross(int channels) => (channels + SlicedGroup.Columns - 1) / SlicedGroup.Columns;

    /// <summary>The kernel; one group for some neighbouring channels of a band.</summary>
    private static void BandsKernel(ArrayView<Float4> input, ArrayView<Float4> sums, ChannelSumsShape shape)
    {
        var partial = SharedMemory.Allocate<Float4>(SlicedGroup.ThreadCount);
        var tiles = TilesAcross(shape.Channels);
        var band = Grid.IdxX / tiles; // of all images
        var c = Grid.IdxX % tiles * SlicedGroup.Columns + Group.IdxX % SlicedGroup.Columns;
        partial[Group.IdxX] = c < shape.Channels ? SumOf(input, shape, band, c) : default;
        SlicedGroup.AddUp(partial, 1);
        if (Group.IdxX < SlicedGroup.Columns && c < shape.Channels)
        {
            sums[band * shape.Channels + c] = partial[Group.IdxX] * shape.Scale;
        }
    }

    private static Float4 SumOf(ArrayView<Float4> input, ChannelSumsShape shape, int band, int c)
    {
        var image = band / shape.BandCount * shape.Pixels;
        var length = (shape.Pixels + shape.BandCount - 1) / shape.BandCount;
        var first = band % shape.BandCount * length;
        var end = Math.Min(first + length, shape.Pixels);
        var sum = default(Float4);
        for (var pixel = first + Group.IdxX / SlicedGroup.Columns; pixel < end; pixel += SlicedGroup.Slices)
        {
            sum += input[(image + pixel) * shape.Channels + c];
        }
        return sum;
    }
}
