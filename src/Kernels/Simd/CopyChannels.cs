using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// Copies channels of a feature map into another: parts of a concatenation, slices, shuffles. An item is one row.
/// </summary>
/// <param name="width">Vector width.</param>
/// <param name="copy">What is copied.</param>
internal sealed unsafe class CopyChannels(SimdWidth width, ChannelCopy copy) : SimdOperation
{
    private readonly int _inputStride = Simd.PaddedChannels(copy.Input.Channels, width);
    private readonly int _outputStride = Simd.PaddedChannels(copy.OutputChannels, width);

    /// <inheritdoc/>
    public override int ItemCount(in Operands operands) => operands.Batch * copy.Input.Height;

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var first = (nint)item * copy.Input.Width;
        for (var pixel = first; pixel < first + copy.Input.Width; pixel++)
        {
            var output = operands.Output + pixel * _outputStride;
            foreach (var run in copy.Runs.AsSpan())
            {
                Copy(operands.Input + pixel * _inputStride, output, run);
            }
            if (copy.ClearsPadding)
            {
                new Span<float>(output + copy.OutputChannels, _outputStride - copy.OutputChannels).Clear();
            }
        }
    }

    [MethodImpl(HotLoop.Compilation)]
    private static void Copy(float* input, float* output, in ChannelRun run)
    {
        var x = input + run.InputFirst;
        var y = output + run.OutputFirst;
        if (run.InputStep == 1 && run.OutputStep == 1)
        {
            new ReadOnlySpan<float>(x, run.Count).CopyTo(new Span<float>(y, run.Count));
            return;
        }
        for (nint i = 0; i < run.Count; i++)
        {
            y[i * run.OutputStep] = x[i * run.InputStep];
        }
    }
}
