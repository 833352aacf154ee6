using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>
/// Weights and bias of a convolution or fully connected layer with the batch normalisation behind it folded in, and
/// the activation that follows.
/// </summary>
/// <param name="Weights"><c>[O, I/groups, kH, kW]</c>, row-major, in double precision until they are packed.</param>
/// <param name="Bias"><c>[O]</c>.</param>
/// <param name="Activation">Applied to the output.</param>
internal sealed record FoldedLayer(double[] Weights, double[] Bias, Activation Activation)
{
    /// <summary>Outputs O.</summary>
    public int OutputCount => Bias.Length;

    /// <summary>Weights and bias in single precision.</summary>
    public DenseWeights ToSingle() => new(ToSingle(Weights), ToSingle(Bias));

    /// <summary>The layer in single precision.</summary>
    public DenseLayer ToDense() => new(ToSingle(), Activation);

    /// <summary>The layer as it is in the file.</summary>
    public static FoldedLayer Of(WeightSet weights, Parameter weight, Parameter? bias)
    {
        var values = ToDouble(weights[weight]);
        return new(values, bias is null ? new double[weight.Shape[0]] : ToDouble(weights[bias]), default);
    }

    /// <summary>One tap of weight 1 for each channel: what a batch normalisation on its own is folded into.</summary>
    public static FoldedLayer Unit(int channels)
    {
        var ones = new double[channels];
        Array.Fill(ones, 1);
        return new(ones, new double[channels], default);
    }

    /// <summary>
    /// Folds a batch normalisation: <c>s = scale / sqrt(variance + epsilon)</c>, <c>w' = w·s</c>,
    /// <c>b' = (b - mean)·s + offset</c>.
    /// </summary>
    /// <exception cref="ModelFormatException">A variance is negative or not a number.</exception>
    public FoldedLayer Fold(WeightSet weights, BatchNormLayer norm)
    {
        var scale = weights[norm.Statistics.Scale].Data.Span;
        var offset = weights[norm.Statistics.Offset].Data.Span;
        var mean = weights[norm.Statistics.Mean].Data.Span;
        var variance = weights[norm.Statistics.Variance].Data.Span;
        var perOutput = Weights.Length / OutputCount;
        var (folded, bias) = (new double[Weights.Length], new double[OutputCount]);
        for (var o = 0; o < OutputCount; o++)
        {
            var factor = scale[o] / Math.Sqrt(Deviation(weights, norm, variance[o]));
            bias[o] = (Bias[o] - mean[o]) * factor + offset[o];
            for (var i = o * perOutput; i < (o + 1) * perOutput; i++)
            {
                folded[i] = Weights[i] * factor;
            }
        }
        return this with { Weights = folded, Bias = bias };
    }

    private static double Deviation(WeightSet weights, BatchNormLayer norm, float variance) =>
        variance + norm.Epsilon > 0
            ? variance + norm.Epsilon
            : throw new ModelFormatException(
                weights.Source,
                $"'{norm.Statistics.Variance.Name}' holds the variance {variance}; with epsilon {norm.Epsilon} it must be positive.",
                "The file is damaged, or its tensors have other names than the network expects."
            );

    private static float[] ToSingle(double[] values) => Array.ConvertAll(values, value => (float)value);

    private static double[] ToDouble(Tensor tensor) => Array.ConvertAll(tensor.Data.ToArray(), value => (double)value);
}
