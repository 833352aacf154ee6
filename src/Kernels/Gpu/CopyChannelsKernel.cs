using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>The operands of the kernel of <see cref="CopyChannels"/>.</summary>
/// <param name="input"><c>[N, H, W, C]</c> with padded channels.</param>
/// <param name="table">Input channels, then output channels, each <c>[entries]</c>.</param>
/// <param name="output"><c>[N, H, W, O]</c> with padded channels.</param>
internal readonly struct CopyChannelsViews(ArrayView<float> input, ArrayView<int> table, ArrayView<float> output)
{
    public readonly ArrayView<float> Input = input;
    public readonly ArrayView<int> Table = table;
    public readonly ArrayView<float> Output = output;
}

/// <summary>What the kernel of <see cref="CopyChannels"/> computes.</summary>
/// <param name="threadCount">Threads with work.</param>
/// <param name="entryCount">Channels written of a pixel.</param>
/// <param name="inputStride">Numbers from an input pixel to the next.</param>
/// <param name="outputStride">Numbers from an output pixel to the next.</param>
internal readonly struct CopyChannelsShape(int threadCount, int entryCount, int inputStride, int outputStride)
{
    public readonly int ThreadCount = threadCount;
    public readonly int EntryCount = entryCount;
    public readonly int InputStride = inputStride;
    public readonly int OutputStride = outputStride;
}

/// <summary>A thread writes one channel of a pixel; neighbouring threads have neighbouring entries of the table.</summary>
internal static class CopyChannelsKernel
{
    /// <summary>Stands in the table for an input channel where zero is written.</summary>
    public const int Zero = -1;

    /// <summary>One thread for each pixel and entry.</summary>
    public static void ChannelKernel(CopyChannelsViews views, CopyChannelsShape shape)
    {
        var thread = Grid.IdxX * Group.DimX + Group.IdxX;
        if (thread < shape.ThreadCount)
        {
            var (pixel, entry) = (thread / shape.EntryCount, thread % shape.EntryCount);
            var source = views.Table[entry];
            var target = pixel * shape.OutputStride + views.Table[shape.EntryCount + entry];
            views.Output[target] = source == Zero ? 0 : views.Input[pixel * shape.InputStride + source];
        }
    }
}
