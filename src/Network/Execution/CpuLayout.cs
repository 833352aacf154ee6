using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>What the operation of a step takes beside its feature maps.</summary>
/// <param name="WeightBytes">Bytes of packed weights.</param>
/// <param name="ScratchLength">Floats of working memory of each thread.</param>
/// <param name="SharedLength">Floats of working memory of all threads together, for each image.</param>
internal sealed record OperationNeeds(long WeightBytes, long ScratchLength, long SharedLength)
{
    /// <summary>The needs of an operation.</summary>
    /// <param name="operation">The operation.</param>
    public static OperationNeeds Of(SimdOperation operation) =>
        new(operation.WeightBytes, operation.ScratchLength, operation.SharedLength);
}

/// <summary>
/// Where the values of a CPU session's steps lie. The steps on maps are done by each thread for images of its own, as
/// many as its cache holds, in memory of its own; a few images that are left over are done by all threads together. The
/// steps on single pixels at the end, whose weights are large, are then done for all images of a round at once: what
/// they read is common to the threads, and so are the outputs.
/// </summary>
internal sealed class CpuLayout
{
    private const long OwnBudget = 1L << 20; // floats of a thread's images: 4 MiB
    private const long CommonBudget = 1L << 20; // floats of what is common

    private readonly SimdWidth _width;
    private readonly int _maximalBatch;
    private readonly IReadOnlyList<OperationNeeds> _needs;
    private readonly SumsPlan _sums;
    private readonly HashSet<int> _common = []; // ids
    private readonly ArenaPlan _own;
    private readonly ArenaPlan _together;
    private readonly ArenaPlan _shared;

    /// <summary>Places steps.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="steps">Its steps in the order they run.</param>
    /// <param name="needs">What each of them takes beside its maps.</param>
    /// <param name="width">Vector width.</param>
    /// <param name="maximalBatch">Largest batch that will be run.</param>
    /// <param name="threadCount">Threads that run at the same time.</param>
    public CpuLayout(
        NetworkGraph graph,
        IReadOnlyList<PlanStep> steps,
        IReadOnlyList<OperationNeeds> needs,
        SimdWidth width,
        int maximalBatch,
        int threadCount
    )
    {
        (_needs, _width, _maximalBatch) = (needs, width, maximalBatch);
        ScratchLength = needs.Max(need => need.ScratchLength);
        OwnOffset = ArenaPlan.RoundUp(ScratchLength);
        _sums = SumsPlan.Of(steps, shape => shape.Height, channels => Simd.PaddedChannels(channels, width));
        MapStepCount = CountOfMapSteps(steps);
        _common.UnionWith(graph.OutputIds);
        foreach (var step in steps.Skip(MapStepCount))
        {
            _common.UnionWith(step.Reads);
            _common.Add(step.Output.Id);
        }
        foreach (var memory in Temporaries(1).Where(memory => memory.LastStep >= MapStepCount))
        {
            _common.Add(memory.Id);
        }

        OwnImages = ImagesIn(OwnBudget, ArenaFor(1, isCommon: false).Length, 1, MaximalOwnImages);
        OwnImages = Math.Min(OwnImages, SimdOperation.Ratio(maximalBatch, threadCount));
        TogetherImages = Math.Clamp(threadCount - 1, 1, maximalBatch);
        var atOnce = Math.Min(OwnImages * threadCount, maximalBatch);
        RoundImages = ImagesIn(CommonBudget, ArenaFor(1, isCommon: true).Length, atOnce, maximalBatch);
        _own = ArenaFor(OwnImages, isCommon: false);
        _together = ArenaFor(TogetherImages, isCommon: false);
        _shared = ArenaFor(RoundImages, isCommon: true);

        ArenaPlan ArenaFor(int images, bool isCommon) =>
            new(
                steps,
                value => isCommon == _common.Contains(value.Id) ? checked(LengthOf(value) * images) : 0,
                graph.OutputIds,
                Temporaries(images).Where(memory => isCommon == _common.Contains(memory.Id))
            );
    }

    /// <summary>Most images of a thread that it takes from step to step.</summary>
    public static int MaximalOwnImages => 8;

    /// <summary>Steps that threads do for images of their own; those after them are done for all images at once.</summary>
    public int MapStepCount { get; }

    /// <summary>Images that a thread takes from step to step, at most.</summary>
    public int OwnImages { get; }

    /// <summary>Images that all threads do together, at most.</summary>
    public int TogetherImages { get; }

    /// <summary>Images of a round, at most.</summary>
    public int RoundImages { get; }

    /// <summary>Where the values of a thread's images begin in its memory, in floats: a cache line of their own.</summary>
    public long OwnOffset { get; }

    /// <summary>Floats of what is common to the threads.</summary>
    public long CommonLength => _shared.Length;

    /// <summary>Floats of working memory that a thread needs.</summary>
    public long ScratchLength { get; }

    /// <summary>Floats of each thread: the working memory of its operations, and then its images' own values.</summary>
    /// <param name="threads">Threads that run at once.</param>
    public long ThreadLength(int threads) => HasOwnImages(threads) ? OwnOffset + _own.Length : ScratchLength;

    /// <summary>Floats that images take which all threads do together.</summary>
    /// <param name="threads">Threads that run at once.</param>
    public long TogetherLength(int threads) => threads == 1 ? 0 : _together.Length;

    /// <summary>Whether there may be an image for each thread.</summary>
    /// <param name="threads">Threads that run at once.</param>
    public bool HasOwnImages(int threads) => threads <= _maximalBatch;

    /// <summary>Bytes that a session holds.</summary>
    /// <param name="threadCount">Its threads.</param>
    /// <param name="threads">Those of them that run at once.</param>
    public SessionMemory MemoryFor(int threadCount, int threads)
    {
        var own = threadCount * (ThreadLength(threads) - ScratchLength);
        return new(
            _needs.Sum(need => need.WeightBytes),
            (own + TogetherLength(threads) + CommonLength) * sizeof(float),
            ScratchLength * threadCount * sizeof(float)
        );
    }

    /// <summary>Where a value lies.</summary>
    /// <param name="value">The value.</param>
    public Place PlaceOf(Value value) => PlaceOf(value.Id, LengthOf(value));

    /// <summary>Where the sums lie that a step leaves or reads, or none.</summary>
    /// <param name="step">The step.</param>
    public Place? SumsOf(int step) => _sums.At(step, 1) is { } sums ? PlaceOf(sums.Id, sums.Length) : null;

    /// <summary>Where the working memory lies that a step needs for each image, or none.</summary>
    /// <param name="step">The step.</param>
    public Place? SharedOf(int step) =>
        Shared(step, 1) is { Length: > 0 } shared ? PlaceOf(shared.Id, shared.Length) : null;

    private static int ImagesIn(long budget, long lengthOfOne, int atLeast, int atMost) =>
        (int)Math.Clamp(budget / Math.Max(1, lengthOfOne), atLeast, atMost);

    private static int CountOfMapSteps(IReadOnlyList<PlanStep> steps)
    {
        var count = steps.Count;
        while (count > 0 && steps[count - 1] is { Input.Shape.PixelCount: 1, Output.Shape.PixelCount: 1 })
        {
            count--;
        }
        return count;
    }

    private Place PlaceOf(int id, long imageLength) =>
        _common.Contains(id)
            ? new(Region.Common, imageLength, _shared.OffsetOf(id), 0)
            : new(Region.Own, imageLength, _own.OffsetOf(id), _together.OffsetOf(id));

    private IEnumerable<ArenaPlan.Temporary> Temporaries(int images)
    {
        var shared = _needs.Select((_, step) => Shared(step, images)).Where(memory => memory.Length > 0);
        return _sums.Temporaries(images).Concat(shared);
    }

    private ArenaPlan.Temporary Shared(int step, int images) =>
        ArenaPlan.Temporary.ScratchOf(step, checked(_needs[step].SharedLength * images));

    private long LengthOf(Value value) =>
        checked(value.Shape.PixelCount * Simd.PaddedChannels(value.Shape.Channels, _width));
}
