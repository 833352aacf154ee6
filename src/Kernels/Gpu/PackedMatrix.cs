using System.Runtime.InteropServices;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>
/// Weights as the kernels of matrix products read them: <c>[I, O/4]</c>, both padded to a multiple of 4 with zeros, and
/// behind them the bias <c>[O/4]</c>.
/// </summary>
/// <param name="inputCount">Inputs I.</param>
/// <param name="outputCount">Outputs O.</param>
internal readonly struct PackedMatrix(int inputCount, int outputCount)
{
    /// <summary>Inputs, in <see cref="Float4"/>.</summary>
    public int Inputs { get; } = Float4.CountFor(inputCount);

    /// <summary>Outputs, in <see cref="Float4"/>.</summary>
    public int Outputs { get; } = Float4.CountFor(outputCount);

    /// <summary>All of it, in <see cref="Float4"/>.</summary>
    public int Length => checked((4 * Inputs + 1) * Outputs);

    /// <summary>Brings weights into this order.</summary>
    /// <param name="weights">Weights <c>[O, I]</c> and bias <c>[O]</c>.</param>
    /// <param name="target">Receives <see cref="Length"/> elements; zero before.</param>
    public void Pack(DenseWeights weights, Span<Float4> target)
    {
        var floats = MemoryMarshal.Cast<Float4, float>(target);
        var source = weights.Weights.Span;
        var width = 4 * Outputs;
        for (var o = 0; o < weights.OutputCount; o++)
        {
            var output = source.Slice(o * weights.InputCount, weights.InputCount);
            for (var i = 0; i < output.Length; i++)
            {
                floats[i * width + o] = output[i];
            }
        }
        weights.Bias.Span.CopyTo(floats[(4 * Inputs * width)..]);
    }
}
