using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>When steps are worth tying together. Found by measuring the networks on one and two threads.</summary>
/// <param name="LeastMap">
/// Numbers of an image's map between two steps, at least. Smaller ones stay in the cache anyhow, and a cut between
/// threads costs some rows of each.
/// </param>
/// <param name="MostWeights">
/// Weights of a step, at most: they pass by for every few rows, which large ones should for many.
/// </param>
/// <param name="MostCached">
/// Numbers of a chain's weights and of the rows between its steps, at most: all of them must stay in the cache.
/// </param>
/// <param name="MostStages">Steps of a chain, at most: the rows that threads compute twice add up.</param>
internal sealed record RowChainLimits(long LeastMap, long MostWeights, long MostCached, int MostStages)
{
    private const long LeastShare = 1 << 17; // of a map that a thread works off: 512 KiB

    /// <summary>The limits for a number of images that are worked off together.</summary>
    /// <param name="images">Images.</param>
    /// <param name="threads">Threads that share them.</param>
    public static RowChainLimits For(int images, int threads) =>
        new(LeastShare * threads / images, 1 << 16, 3 << 16, 6);
}

/// <summary>
/// Ties convolutions that follow each other into chains, where only the next one reads what one writes: the expansion,
/// depthwise and projection of a block, and the blocks around them as far as no residual needs what lies between.
/// </summary>
/// <param name="width">Vector width.</param>
/// <param name="limits">When it is worth it.</param>
internal sealed class RowChains(SimdWidth width, RowChainLimits limits)
{
    private readonly List<PlanStep> _steps = [];
    private readonly List<ConvolutionStep> _chain = [];

    /// <summary>The steps with chains in the place of those that are tied.</summary>
    /// <param name="steps">Fused steps in the order they run.</param>
    /// <param name="outputs">Values that are needed after the last step, and so must be whole.</param>
    /// <param name="width">Vector width, which the layout of the maps depends on.</param>
    /// <param name="limits">When it is worth it.</param>
    public static IReadOnlyList<PlanStep> Tie(
        IReadOnlyList<PlanStep> steps,
        IEnumerable<int> outputs,
        SimdWidth width,
        RowChainLimits limits
    )
    {
        var readers = new Dictionary<int, int>();
        foreach (var step in steps)
        {
            CountReaders(step.Reads);
        }
        CountReaders(outputs);
        var chains = new RowChains(width, limits);
        foreach (var step in steps)
        {
            chains.Add(step, readers.GetValueOrDefault(step.Input.Id) == 1);
        }
        chains.Close();
        return chains._steps;

        void CountReaders(IEnumerable<int> values)
        {
            foreach (var value in values)
            {
                readers[value] = readers.GetValueOrDefault(value) + 1;
            }
        }
    }

    private void Add(PlanStep step, bool readsAlone)
    {
        var convolution = step as ConvolutionStep;
        if (convolution is null || !readsAlone || !Continues(convolution))
        {
            Close();
        }
        if (convolution is null)
        {
            _steps.Add(step);
        }
        else
        {
            _chain.Add(convolution);
        }
    }

    private bool Continues(ConvolutionStep step) =>
        _chain is [.., var last]
        && step.Input.Id == last.Output.Id
        && step.Gate is null
        && (step.Residual is null || _chain.TrueForAll(stage => stage.Residual is null))
        && step.Input.Shape.ElementCount >= limits.LeastMap
        && _chain.Count < limits.MostStages
        && Math.Max(last.WeightCount, step.WeightCount) <= limits.MostWeights
        && Cached([.. _chain, step]) <= limits.MostCached;

    private long Cached(IReadOnlyList<ConvolutionStep> chain) =>
        chain.Sum(stage => stage.WeightCount)
        + new RowSchedule([
            .. chain.Select(stage => CpuOperations.CaseOf(stage, stage.Geometry.Window, width)),
        ]).Rings.Sum(ring => ring.Floats);

    private void Close()
    {
        if (_chain.Count > 0)
        {
            _steps.Add(_chain is [var alone] ? alone : Chain());
            _chain.Clear();
        }
    }

    private RowChainStep Chain() =>
        new([.. _chain])
        {
            Gate = _chain[0].Gate,
            Residual = _chain.Select(stage => stage.Residual).FirstOrDefault(value => value is not null),
        };
}
