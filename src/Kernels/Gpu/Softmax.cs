using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using Kernel = System.Action<
    ILGPU.Runtime.AcceleratorStream,
    ILGPU.KernelConfig,
    ILGPU.ArrayView<ILGpuMobileNet.Kernels.Gpu.Float4>,
    ILGPU.ArrayView<ILGpuMobileNet.Kernels.Gpu.Float4>,
    int
>;
using Method = System.Action<
    ILGPU.ArrayView<ILGpuMobileNet.Kernels.Gpu.Float4>,
    ILGPU.ArrayView<ILGpuMobileNet.Kernels.Gpu.Float4>,
    int
>;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary><c>exp(x - max) / sum(exp(x - max))</c> over the channels of each pixel; a group does a pixel.</summary>
/// <param name="shape">One image, read and written.</param>
internal sealed class Softmax(FeatureShape shape) : GpuOperation
{
    private const int ThreadCount = 128; // a power of 2

    private static readonly Method s_method = PixelKernel;

    private Kernel? _kernel;

    /// <inheritdoc/>
    public override IEnumerable<Delegate> Kernels => [s_method];

    /// <inheritdoc/>
    public override void Load(Accelerator accelerator, ArrayView<Float4> weights) =>
        _kernel = accelerator.LoadKernel(s_method);

    /// <inheritdoc/>
    public override void Launch(AcceleratorStream stream, in GpuOperands operands)
    {
        var pixels = checked((int)(operands.Batch * shape.PixelCount));
        _ = checked(pixels * Float4.CountFor(shape.Channels)); // the kernel counts with 32 bits
        _kernel!(stream, (pixels, ThreadCount), operands.Input, operands.Output, shape.Channels);
    }

    /// <summary>The kernel. What is not a number makes its whole pixel so; the padding becomes zero.</summary>
    private static void PixelKernel(ArrayView<Float4> input, ArrayView<Float4> output, int channels)
    {
        var shared = SharedMemory.Allocate<float>(ThreadCount);
        var quads = (channels + 3) / 4;
        var first = Grid.IdxX * quads;
        var max = float.NegativeInfinity;
        for (var q = Group.IdxX; q < quads; q += ThreadCount)
        {
            max = Largest.Of(max, LargestOf(input[first + q], channels - 4 * q));
        }
        Fold<Largest>(shared, max);
        max = shared[0];
        var sum = 0f;
        for (var q = Group.IdxX; q < quads; q += ThreadCount)
        {
            var e = Exponentials(input[first + q], max, channels - 4 * q);
            sum += e.X + e.Y + (e.Z + e.W);
        }
        Fold<Total>(shared, sum);
        var scale = 1 / shared[0];
        for (var q = Group.IdxX; q < quads; q += ThreadCount)
        {
            output[first + q] = Scores(input[first + q], max, scale, channels - 4 * q);
        }
    }

    private static float LargestOf(Float4 x, int count)
    {
        var (y, z) = (count > 1 ? x.Y : x.X, count > 2 ? x.Z : x.X);
        return Largest.Of(Largest.Of(x.X, y), Largest.Of(z, count > 3 ? x.W : x.X));
    }

    private static Float4 Exponentials(Float4 x, float max, int count) =>
        new(
            XMath.Exp(x.X - max),
            count > 1 ? XMath.Exp(x.Y - max) : 0,
            count > 2 ? XMath.Exp(x.Z - max) : 0,
            count > 3 ? XMath.Exp(x.W - max) : 0
        );

    private static Float4 Scores(Float4 x, float max, float scale, int count)
    {
        var e = Exponentials(x, max, count);
        return new(e.X * scale, count > 1 ? e.Y * scale : 0, count > 2 ? e.Z * scale : 0, count > 3 ? e.W * scale : 0);
    }

    private interface IFold
    {
        static abstract float Of(float a, float b);
    }

    private readonly struct Largest : IFold
    {
        public static float Of(float a, float b) => a > b ? a : b;
    }

    private readonly struct Total : IFold
    {
        public static float Of(float a, float b) => a + b;
    }

    /// <summary>Leaves in the first element what all threads have, folded in a fixed order.</summary>
    private static void Fold<TFold>(ArrayView<float> shared, float mine)
        where TFold : struct, IFold
    {
        Group.Barrier(); // nobody writes anew before everybody has read
        shared[Group.IdxX] = mine;
        for (var half = ThreadCount / 2; half > 0; half /= 2)
        {
            Group.Barrier();
            if (Group.IdxX < half)
            {
                shared[Group.IdxX] = TFold.Of(shared[Group.IdxX], shared[Group.IdxX + half]);
            }
        }
        Group.Barrier();
    }
}
