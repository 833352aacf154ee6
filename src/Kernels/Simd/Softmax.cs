namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// <c>exp(x - max) / sum(exp(x - max))</c> over the channels of each pixel, summed in double precision. An item is one
/// row.
/// </summary>
/// <param name="width">Vector width, for the layout.</param>
/// <param name="shape">One image, read and written.</param>
internal sealed unsafe class Softmax(SimdWidth width, FeatureShape shape) : SimdOperation
{
    private readonly int _stride = Simd.PaddedChannels(shape.Channels, width);

    /// <inheritdoc/>
    public override int ItemCount(in Operands operands) => operands.Batch * shape.Height;

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        for (var x = 0; x < shape.Width; x++)
        {
            var at = ((nint)item * shape.Width + x) * _stride;
            RunPixel(new(operands.Input + at, shape.Channels), new(operands.Output + at, _stride));
        }
    }

    private static void RunPixel(ReadOnlySpan<float> logits, Span<float> scores)
    {
        var max = float.NegativeInfinity;
        foreach (var logit in logits)
        {
            max = MathF.Max(max, logit);
        }
        var sum = 0.0;
        for (var c = 0; c < logits.Length; c++)
        {
            scores[c] = MathF.Exp(logits[c] - max);
            sum += scores[c];
        }
        for (var c = 0; c < logits.Length; c++)
        {
            scores[c] = (float)(scores[c] / sum);
        }
        scores[logits.Length..].Clear();
    }
}
