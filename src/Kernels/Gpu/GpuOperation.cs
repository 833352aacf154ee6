using ILGPU;
using ILGPU.Runtime;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>
/// A step on an ILGPU accelerator with its weights. It is made without a device, so that a plan can be told before
/// anything is taken; then loaded, once; then launched any number of times, without allocation.
/// </summary>
internal abstract class GpuOperation
{
    /// <summary>Kernel launches of one run.</summary>
    public virtual int LaunchCount => 1;

    /// <summary>The device methods that it launches, for tools that look at their machine code.</summary>
    public abstract IEnumerable<Delegate> Kernels { get; }

    /// <summary>Packed weights, in <see cref="Float4"/>.</summary>
    public virtual int WeightLength => 0;

    /// <summary>Working memory of one run, in <see cref="Float4"/>.</summary>
    /// <param name="batch">Images.</param>
    public virtual int ScratchLength(int batch) => 0;

    /// <summary>The ways of making its launch for the largest batch, or null where there is but one.</summary>
    /// <param name="maximalBatch">Images of the largest batch.</param>
    /// <param name="limits">The device.</param>
    public virtual LaunchVariants? VariantsFor(int maximalBatch, DeviceLimits limits) => null;

    /// <summary>Brings the weights into the order in which the kernel reads them.</summary>
    /// <param name="target">Receives <see cref="WeightLength"/> elements; zero before.</param>
    public virtual void PackWeights(Span<Float4> target) { }

    /// <summary>Compiles the kernels.</summary>
    /// <param name="accelerator">The device.</param>
    /// <param name="weights">The packed weights on it.</param>
    public abstract void Load(Accelerator accelerator, ArrayView<Float4> weights);

    /// <summary>Puts the kernels of one run into a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="operands">Where to read and write.</param>
    public abstract void Launch(AcceleratorStream stream, in GpuOperands operands);
}

/// <summary>
/// Where one run of an operation reads and writes. Feature maps are <c>[N, H, W, C/4]</c> in <see cref="Float4"/>, the
/// channels of a pixel padded to a multiple of 4 with finite values that no result depends on. Views begin at the
/// value and may be longer than it.
/// </summary>
/// <param name="batch">Images N.</param>
internal readonly struct GpuOperands(int batch)
{
    /// <summary>Images N.</summary>
    public int Batch { get; init; } = batch;

    /// <summary>The caller's images, <c>[N, H, W, C]</c> without padding, for the operations that read them.</summary>
    public ArrayView<float> Images { get; init; }

    /// <summary>The feature map read.</summary>
    public ArrayView<Float4> Input { get; init; }

    /// <summary>The feature map written; overlaps no operand.</summary>
    public ArrayView<Float4> Output { get; init; }

    /// <summary>A gate per image and channel, <c>[N, 1, 1, C/4]</c>, where the operation has one.</summary>
    public ArrayView<Float4> Gate { get; init; }

    /// <summary>A feature map of the output's shape that is added after the activation, where the operation has one.</summary>
    public ArrayView<Float4> Residual { get; init; }

    /// <summary>Sums per image, band of positions and channel, <c>[N, bands, C/4]</c>: written by a depthwise convolution for squeeze-excite, which reads them.</summary>
    public ArrayView<Float4> Sums { get; init; }

    /// <summary>Working memory, <see cref="GpuOperation.ScratchLength"/> elements that nobody else uses meanwhile.</summary>
    public ArrayView<Float4> Scratch { get; init; }

    /// <summary>The same places for another batch.</summary>
    /// <param name="batch">Images N.</param>
    public GpuOperands For(int batch) => this with { Batch = batch };
}
