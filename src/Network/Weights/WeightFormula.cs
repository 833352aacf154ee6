using System.Collections.Immutable;
using System.Text;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>
/// Random weights on request: each element depends only on the tensor's name, the seed and its index, so another
/// program can make the same ones. Element <c>i</c> draws <c>u</c> in [0, 1) with 24 bits from the SplitMix64
/// generator (Steele, Lea and Flood, 2014) whose state is the FNV-1a hash of the name mixed with the seed.
/// </summary>
public static class WeightFormula
{
    // Gains under which every network's output depends on its input: fixed statistics normalise nothing, so that the
    // signal must neither die out nor saturate the gates on its own.
    private const double SpatialGain = 4.5; // kernels of more than one tap
    private const double PointwiseGain = 1; // 1x1 kernels and fully connected layers
    private const double BiasRadius = 0.1;
    private const double GateBiasRadius = 2; // below a module called "se": a hard-swish gate would stay at zero
    private const double OffsetRadius = 0.2;
    private const double MeanRadius = 0.2;
    private const double SmallestScale = 0.5;
    private const double SmallestVariance = 0.5;
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    /// <summary>Weights for every parameter of a network.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="seed">Any number; another one gives other weights.</param>
    public static WeightSet Create(NetworkGraph graph, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var tensors = ImmutableDictionary.CreateBuilder<string, Tensor>(StringComparer.Ordinal);
        foreach (var (parameter, distribution) in graph.Layers.SelectMany(Distributions))
        {
            var data = new float[parameter.ElementCount];
            distribution(parameter.Name, seed, data);
            tensors[parameter.Name] = new Tensor(parameter.Shape, data);
        }
        return new($"random weights with seed {seed}", tensors.ToImmutable());
    }

    /// <summary>Fills a tensor with <c>scale·u + offset</c>.</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="destination">Elements in the order of the tensor's own layout.</param>
    /// <param name="scale">Width of the range.</param>
    /// <param name="offset">Its lower end.</param>
    public static void Fill(string name, ulong seed, Span<float> destination, double scale, double offset)
    {
        var state = State(name, seed);
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = (float)(scale * Draw(state, i) + offset);
        }
    }

    private static void FillAroundZero(string name, ulong seed, Span<float> destination, double radius)
    {
        var state = State(name, seed);
        for (var i = 0; i < destination.Length; i++)
        {
            // 2u - 1 is exact, so that there is one rounding in double precision and one to float.
            destination[i] = (float)((2 * Draw(state, i) - 1) * radius);
        }
    }

    private delegate void Distribution(string name, ulong seed, Span<float> destination);

    private static Distribution AroundZero(double radius) =>
        (name, seed, destination) => FillAroundZero(name, seed, destination, radius);

    private static Distribution FromAtLeast(double smallest) =>
        (name, seed, destination) => Fill(name, seed, destination, scale: 1, smallest);

    private static IEnumerable<(Parameter, Distribution)> Distributions(Layer layer) =>
        layer switch
        {
            ConvolutionLayer convolution => WeightAndBias(convolution.Weight, convolution.Bias),
            LinearLayer linear => WeightAndBias(linear.Weight, linear.Bias),
            BatchNormLayer { Statistics: var statistics } =>
            [
                (statistics.Scale, FromAtLeast(SmallestScale)),
                (statistics.Offset, AroundZero(OffsetRadius)),
                (statistics.Mean, AroundZero(MeanRadius)),
                (statistics.Variance, FromAtLeast(SmallestVariance)),
            ],
            _ => [],
        };

    private static IEnumerable<(Parameter, Distribution)> WeightAndBias(Parameter weight, Parameter? bias)
    {
        var fanIn = weight.ElementCount / weight.Shape[0];
        var isSpatial = weight.Shape is [_, _, var height, var width] && height * width > 1;
        yield return (weight, AroundZero(Math.Sqrt(3 * (isSpatial ? SpatialGain : PointwiseGain) / fanIn)));
        if (bias is not null)
        {
            var isGate = bias.Name.Contains(".se.", StringComparison.Ordinal);
            yield return (bias, AroundZero(isGate ? GateBiasRadius : BiasRadius));
        }
    }

    private static ulong State(string name, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Fnv1a(name) ^ unchecked(seed * GoldenGamma);
    }

    private static ulong Fnv1a(string name)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var octet in Encoding.UTF8.GetBytes(name))
        {
            hash = unchecked((hash ^ octet) * 0x100000001B3);
        }
        return hash;
    }

    private static double Draw(ulong state, int index)
    {
        unchecked
        {
            var z = state + ((ulong)index + 1) * GoldenGamma;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            return (z >> 40) * (1.0 / (1 << 24));
        }
    }
}
