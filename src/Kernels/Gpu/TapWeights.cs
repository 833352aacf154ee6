using System.Runtime.InteropServices;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>Weights <c>[O, inputs]</c> as <c>[inputs, O/4]</c>, and behind them the bias <c>[O/4]</c>.</summary>
internal static class TapWeights
{
    /// <summary>Elements, in <see cref="Float4"/>.</summary>
    /// <param name="weights">Weights and bias.</param>
    public static int Length(DenseWeights weights) =>
        checked((weights.InputCount + 1) * Float4.CountFor(weights.OutputCount));

    /// <summary>Brings weights into this order.</summary>
    /// <param name="weights">Weights and bias.</param>
    /// <param name="target">Receives them; zero before.</param>
    public static void Pack(DenseWeights weights, Span<Float4> target)
    {
        var packed = MemoryMarshal.Cast<Float4, float>(target);
        var (inputs, stride) = (weights.InputCount, 4 * Float4.CountFor(weights.OutputCount));
        for (var o = 0; o < weights.OutputCount; o++)
        {
            for (var i = 0; i < inputs; i++)
            {
                packed[i * stride + o] = weights.Weights.Span[o * inputs + i];
            }
        }
        weights.Bias.Span.CopyTo(packed[(inputs * stride)..]);
    }
}
