namespace ILGpuMobileNet.Kernels;

/// <summary>
/// How a resize computes. Antialiased results equal Pillow's, whose first pass gives bytes; plain ones keep 6 bits of
/// fraction between the passes, as results within one level of OpenCV's need.
/// </summary>
/// <param name="WeightBits">Bits below 1 of a weight.</param>
/// <param name="ValueBits">Bits below 1 of a value between the passes.</param>
internal readonly record struct ResizeFixedPoint(int WeightBits, int ValueBits)
{
    /// <summary>What a filter needs.</summary>
    public static ResizeFixedPoint Of(ResizeFilter filter) => filter.Antialias ? new(22, 0) : new(14, 6);
}

/// <summary>
/// The fixed-point weights of one direction of a resize: output <c>i</c> is the sum over <c>k</c> below
/// <c>Counts[i]</c> of <c>source[Starts[i] + k] · Weights[i · TapCount + k]</c>. Its memory is kept for the next size.
/// </summary>
/// <param name="filter">The filter.</param>
internal sealed class ResizeNormalizeWeights(ResizeFilter filter)
{
    private readonly int fractionBits = ResizeFixedPoint.Of(filter).WeightBits;
    private ResizeAxis axis;
    private int[] starts = [];
    private int[] counts = [];
    private int[] weights = [];
    private double[] exact = [];

    /// <summary>Room for the weights of an output.</summary>
    public int TapCount { get; private set; }

    /// <summary>First source pixel of every output of the window.</summary>
    public ReadOnlySpan<int> Starts => starts.AsSpan(0, axis.FilledLength);

    /// <summary>Source pixels of every output of the window.</summary>
    public ReadOnlySpan<int> Counts => counts.AsSpan(0, axis.FilledLength);

    /// <summary>Weights <c>[FilledLength, TapCount]</c>.</summary>
    public ReadOnlySpan<int> Weights => weights;

    /// <summary>First source pixel that the window needs.</summary>
    public int FirstSource => starts[0];

    /// <summary>Source pixels that the window needs.</summary>
    public int SourceCount => starts[axis.FilledLength - 1] + counts[axis.FilledLength - 1] - FirstSource;

    /// <summary>Computes the weights for a direction; does nothing if they are there already.</summary>
    public void Prepare(ResizeAxis wanted)
    {
        if (wanted == axis)
        {
            return;
        }
        axis = wanted;
        var widening = filter.Antialias ? Math.Max(1, (double)axis.Source / axis.Resized) : 1;
        var support = widening * ReachOf(filter.Interpolation);
        TapCount = (int)Math.Min(2 * Math.Ceiling(support) + 1, axis.Source);
        Reserve(axis.FilledLength);
        for (var i = 0; i < axis.FilledLength; i++)
        {
            if (filter.Interpolation == Interpolation.Nearest)
            {
                Take(i);
            }
            else
            {
                Compute(i, new(widening, support));
            }
        }
    }

    private static int ReachOf(Interpolation interpolation) =>
        interpolation switch
        {
            Interpolation.Nearest => 0,
            Interpolation.Bilinear => 1,
            _ => 2,
        };

    private double Center(int output) => (axis.Offset + output + 0.5) * ((double)axis.Source / axis.Resized);

    private void Take(int output)
    {
        starts[output] = Math.Min((int)Center(output), axis.Source - 1);
        counts[output] = 1;
        weights[output] = 1 << fractionBits;
    }

    // How far the filter reaches: the factor by which it is widened, and the pixels on each side.
    private readonly record struct Reach(double Widening, double Support);

    private void Compute(int output, Reach reach)
    {
        var center = Center(output);
        var first = (int)Math.Floor(center - reach.Support + 0.5);
        var end = (int)Math.Floor(center + reach.Support + 0.5);
        starts[output] = Math.Max(first, 0);
        counts[output] = Math.Min(end, axis.Source) - starts[output];
        if (filter.Antialias)
        {
            // Pixels beyond the edge do not count; without antialiasing they equal those on the edge.
            (first, end) = (starts[output], starts[output] + counts[output]);
        }
        var taps = exact.AsSpan(0, counts[output]);
        taps.Clear();
        for (var x = first; x < end; x++)
        {
            var edge = Math.Clamp(x, 0, axis.Source - 1);
            taps[edge - starts[output]] += Kernel(Math.Abs((x - center + 0.5) * (1 / reach.Widening)));
        }
        Round(taps, weights.AsSpan(output * TapCount));
    }

    private void Round(ReadOnlySpan<double> taps, Span<int> rounded)
    {
        var sum = 0.0;
        foreach (var tap in taps)
        {
            sum += tap;
        }
        for (var k = 0; k < taps.Length; k++)
        {
            var scaled = taps[k] / sum * (1 << fractionBits);
            rounded[k] = (int)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        }
    }

    private double Kernel(double distance)
    {
        if (filter.Interpolation == Interpolation.Bilinear)
        {
            return Math.Max(0, 1 - distance);
        }
        var a = filter.Antialias ? -0.5 : -0.75;
        return distance switch
        {
            < 1 => ((a + 2) * distance - (a + 3)) * distance * distance + 1,
            < 2 => (((distance - 5) * distance + 8) * distance - 4) * a,
            _ => 0,
        };
    }

    private void Reserve(int length)
    {
        if (starts.Length < length)
        {
            starts = new int[length];
            counts = new int[length];
        }
        if (weights.Length < checked(length * TapCount))
        {
            weights = new int[length * TapCount];
        }
        if (exact.Length < TapCount)
        {
            exact = new double[TapCount];
        }
    }
}
