using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>
/// Which depthwise convolutions sum their output for the squeeze-excite step behind them, so that it need not read the
/// whole feature map again.
/// </summary>
internal sealed class SumsPlan
{
    private readonly Dictionary<int, Pair> _pairs = []; // by both steps

    // A class, as ArenaPlan.Temporary is: collections of them are compiled ahead of time.
    private sealed record Pair(int Depthwise, int SqueezeExcite, int BandCount, long Length);

    /// <summary>Finds them.</summary>
    /// <param name="steps">The steps in the order they run.</param>
    /// <param name="bandCountOf">Bands of rows of a feature map that are summed each on its own.</param>
    /// <param name="paddedChannels">Floats that the sums of a band take for a number of channels.</param>
    public static SumsPlan Of(
        IReadOnlyList<PlanStep> steps,
        Func<FeatureShape, int> bandCountOf,
        Func<int, int> paddedChannels
    )
    {
        var plan = new SumsPlan();
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i] is SqueezeExciteStep gate && MakerOf(gate.Input.Id, steps) is { } maker)
            {
                var shape = gate.Input.Shape;
                var bands = bandCountOf(shape);
                var pair = new Pair(maker, i, bands, (long)bands * paddedChannels(shape.Channels));
                if (plan._pairs.TryAdd(maker, pair))
                {
                    plan._pairs.Add(i, pair);
                }
            }
        }
        return plan;
    }

    /// <summary>Whether a step sums its output.</summary>
    public bool IsSummed(int step) => _pairs.TryGetValue(step, out var pair) && pair.Depthwise == step;

    /// <summary>Bands of sums that a squeeze-excite step finds; 0 where there are none.</summary>
    public int BandCount(int step) =>
        _pairs.TryGetValue(step, out var pair) && pair.SqueezeExcite == step ? pair.BandCount : 0;

    /// <summary>The memory of the sums that a step writes or reads, or none.</summary>
    public ArenaPlan.Temporary? At(int step, int maximalBatch) =>
        _pairs.TryGetValue(step, out var pair) ? Memory(pair, maximalBatch) : null;

    /// <summary>The memory of all sums.</summary>
    /// <param name="maximalBatch">Images.</param>
    public IEnumerable<ArenaPlan.Temporary> Temporaries(int maximalBatch) =>
        _pairs.Values.Distinct().Select(pair => Memory(pair, maximalBatch));

    private static ArenaPlan.Temporary Memory(Pair pair, int maximalBatch) =>
        new(-3 - 2 * pair.Depthwise, pair.Depthwise, pair.SqueezeExcite, checked(pair.Length * maximalBatch));

    private static int? MakerOf(int value, IReadOnlyList<PlanStep> steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Output.Id == value)
            {
                var last = steps[i] is RowChainStep chain ? chain.Stages[^1] : steps[i];
                return last is ConvolutionStep { Kind: ConvolutionKind.Depthwise } ? i : null;
            }
        }
        return null;
    }
}
