using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using Kernel = System.Action<
    ILGPU.Runtime.AcceleratorStream,
    ILGPU.KernelConfig,
    ILGpuMobileNet.Kernels.Gpu.CopyChannelsViews,
    ILGpuMobileNet.Kernels.Gpu.CopyChannelsShape
>;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>
/// Copies channels of a feature map into another: parts of a concatenation, slices, shuffles. A table, which takes the
/// place of weights, says where each copied channel comes from and where it goes.
/// </summary>
/// <param name="copy">What is copied.</param>
internal sealed class CopyChannels(ChannelCopy copy) : FlatOperation
{
    private readonly int _inputStride = 4 * Float4.CountFor(copy.Input.Channels);
    private readonly int _outputStride = 4 * Float4.CountFor(copy.OutputChannels);
    private ArrayView<int> _table;
    private Kernel? _kernel;

    /// <inheritdoc/>
    public override IEnumerable<Delegate> Kernels => [CopyChannelsKernel.ChannelKernel];

    /// <inheritdoc/>
    public override int WeightLength => Float4.CountFor(2 * EntryCount);

    /// <inheritdoc/>
    protected override string Shape => copy.ToString();

    private int PaddingCount => copy.ClearsPadding ? _outputStride - copy.OutputChannels : 0;

    private int EntryCount => copy.Count + PaddingCount;

    /// <inheritdoc/>
    public override void PackWeights(Span<Float4> target)
    {
        var table = MemoryMarshal.Cast<Float4, int>(target);
        var sources = table[..EntryCount];
        var targets = table[EntryCount..];
        var entry = 0;
        foreach (var run in copy.Runs)
        {
            for (var i = 0; i < run.Count; i++, entry++)
            {
                sources[entry] = run.InputFirst + i * run.InputStep;
                targets[entry] = run.OutputFirst + i * run.OutputStep;
            }
        }
        for (var i = 0; i < PaddingCount; i++, entry++)
        {
            (sources[entry], targets[entry]) = (CopyChannelsKernel.Zero, copy.OutputChannels + i);
        }
    }

    /// <inheritdoc/>
    protected override int ThreadCount(int batch)
    {
        _ = LaunchShape.ElementCount(batch, copy.Input);
        var pixels = LaunchShape.ElementCount(batch, copy.Output) / Float4.CountFor(copy.OutputChannels);
        return checked(pixels * EntryCount);
    }

    /// <inheritdoc/>
    protected override void LoadKernel(Accelerator accelerator, ArrayView<Float4> weights)
    {
        _table = weights.Cast<int>();
        _kernel = accelerator.LoadKernel<CopyChannelsViews, CopyChannelsShape>(CopyChannelsKernel.ChannelKernel);
    }

    /// <inheritdoc/>
    protected override void LaunchKernel(
        AcceleratorStream stream,
        KernelConfig groups,
        int threadCount,
        in GpuOperands operands
    )
    {
        var views = new CopyChannelsViews(operands.Input.Cast<float>(), _table, operands.Output.Cast<float>());
        _kernel!(stream, groups, views, new(threadCount, EntryCount, _inputStride, _outputStride));
    }
}
