using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>
/// Weights and bias of a convolution or fully connected layer with the batch normalisation behind it folded in, and
/// the activation that follows. The weights stay where they are until they are packed; folding keeps factors for them.
/// </summary>
/// <param name="Weights"><c>[O, I/groups, kH, kW]</c>, row-major, without the factors.</param>
/// <param name="Bias"><c>[O]</c>, with everything folded in, in double precision until it is packed.</param>
/// <param name="Activation">Applied to the output.</param>
internal sealed record FoldedLayer(ReadOnlyMemory<float> Weights, double[] Bias, Activation Activation)
{
    /// <summary>Factors <c>[O]</c> of the weights, for each batch normalisation in the order they follow.</summary>
    public ImmutableArray<double[]> Factors { get; private init; } = [];

    /// <summary>Outputs O.</summary>
    public int OutputCount => Bias.Length;

    /// <summary>Weights and bias in single precision; rounded once, from products in double precision.</summary>
    public DenseWeights ToSingle() =>
        new(Factors.IsEmpty ? Weights : ScaledWeights(), Array.ConvertAll(Bias, value => (float)value));

    /// <summary>The layer in single precision.</summary>
    public DenseLayer ToDense() => new(ToSingle(), Activation);

    /// <summary>The layer as it is in the file.</summary>
    public static FoldedLayer Of(WeightSet weights, Parameter weight, Parameter? bias)
    {
        var values = weights[weight].Data;
        return new(values, bias is null ? new double[weight.Shape[0]] : [.. weights[bias].Data.Span], default);
    }

    /// <summary>One tap of weight 1 for each channel: what a batch normalisation on its own is folded into.</summary>
    public static FoldedLayer Unit(int channels)
    {
        var ones = new float[channels];
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
        var (factors, bias) = (new double[OutputCount], new double[OutputCount]);
        for (var o = 0; o < OutputCount; o++)
        {
            factors[o] = scale[o] / Math.Sqrt(Deviation(weights, norm, variance[o]));
            bias[o] = (Bias[o] - mean[o]) * factors[o] + offset[o];
        }
        return this with { Bias = bias, Factors = Factors.Add(factors) };
    }

    private float[] ScaledWeights()
    {
        var perOutput = Weights.Length / OutputCount;
        var weights = Weights.Span;
        var scaled = new float[weights.Length];
        for (var o = 0; o < OutputCount; o++)
        {
            for (var i = o * perOutput; i < (o + 1) * perOutput; i++)
            {
                double weight = weights[i];
                foreach (var factors in Factors)
                {
                    weight *= factors[o];
                }
                scaled[i] = (float)weight;
            }
        }
        return scaled;
    }

    private static double Deviation(WeightSet weights, BatchNormLayer norm, float variance) =>
        variance + norm.Epsilon > 0
            ? variance + norm.Epsilon
            : throw new ModelFormatException(
                weights.Source,
                $"'{norm.Statistics.Variance.Name}' holds the variance {variance}; with epsilon {norm.Epsilon} it must be positive.",
                "The file is damaged, or its tensors have other names than the network expects."
            );
}
