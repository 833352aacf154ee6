using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>Where a value lies: in the caller's images or at an offset of the arena.</summary>
/// <param name="IsCallerInput">True for the caller's images.</param>
/// <param name="Offset">Floats from the beginning of the arena.</param>
internal readonly record struct Place(bool IsCallerInput, long Offset);

/// <summary>Where an output lies after the last step.</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Offset">Floats from the beginning of the arena.</param>
/// <param name="Stride">Floats from one position to the next, the padding of the channels included.</param>
internal readonly record struct CpuOutput(FeatureShape Shape, long Offset, int Stride);

/// <summary>An operation with the places it reads and writes.</summary>
internal sealed record BoundStep(StepCost Cost, SimdOperation Operation, Place Input, Place Output)
{
    /// <summary>The gate, or none.</summary>
    public Place? Gate { get; init; }

    /// <summary>The residual, or none.</summary>
    public Place? Residual { get; init; }

    /// <summary>The row sums that a depthwise convolution leaves for squeeze-excite, or none.</summary>
    public Place? Sums { get; init; }
}

/// <summary>
/// What a CPU session executes: fused steps with packed weights and their places in one arena. A batch is worked off
/// in chunks whose activations stay in the caches.
/// </summary>
internal sealed class CpuPlan : IDisposable
{
    private const long ChunkArenaLength = 1L << 20; // floats of a thread: 4 MiB
    private const int MaximalChunk = 8; // images of a thread

    private readonly SimdWidth _width;
    private readonly NetworkGraph _graph;
    private readonly ArenaPlan _arena;

    /// <summary>Fuses, packs and places a network.</summary>
    /// <param name="model">The network and its weights.</param>
    /// <param name="width">Vector width.</param>
    /// <param name="maximalBatch">Largest batch that will be run.</param>
    /// <param name="threadCount">Threads that run at the same time; each has the chunk's images of its own.</param>
    /// <param name="limits">When steps are tied together; the measured limits if none are given.</param>
    public CpuPlan(Model model, SimdWidth width, int maximalBatch, int threadCount, RowChainLimits? limits = null)
    {
        (_width, _graph) = (width, model.Graph);
        limits ??= RowChainLimits.For(Math.Min(maximalBatch, MaximalChunk * threadCount), threadCount);
        var placed = PadInputStep.Prepend(Tie(model, limits), _graph);
        var sums = SumsPlan.Of(placed, shape => shape.Height, channels => Simd.PaddedChannels(channels, width));
        var lengthOfOne = Math.Max(1, ArenaFor(placed, sums, 1).Length);
        var budget = threadCount == 1 ? ChunkArenaLength : 2 * ChunkArenaLength; // threads meet after each step
        var imagesOfThread = (int)Math.Clamp(budget / lengthOfOne, 1, MaximalChunk);
        Chunk = Math.Min(imagesOfThread * threadCount, maximalBatch);
        _arena = ArenaFor(placed, sums, Chunk);
        Steps = [.. placed.Select((step, i) => Bind(step, sums.At(i, Chunk)))];
        Outputs = [.. _graph.OutputIds.Select(OutputOf)];
    }

    /// <summary>Images that are worked off together.</summary>
    public int Chunk { get; }

    /// <summary>The steps in the order they run.</summary>
    public ImmutableArray<BoundStep> Steps { get; }

    /// <summary>Floats of the arena.</summary>
    public long ArenaLength => _arena.Length;

    /// <summary>Where the outputs lie after the last step.</summary>
    public ImmutableArray<CpuOutput> Outputs { get; }

    /// <summary>Floats of working memory that a thread needs.</summary>
    public long ScratchLength => Steps.Max(step => step.Operation.ScratchLength);

    /// <summary>Bytes that a session holds.</summary>
    /// <param name="threadCount">Its threads.</param>
    public SessionMemory MemoryFor(int threadCount) =>
        new(
            Steps.Sum(step => step.Operation.WeightBytes),
            ArenaLength * sizeof(float),
            ScratchLength * threadCount * sizeof(float) + Steps.Sum(step => step.Operation.SharedBytes)
        );

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var step in Steps)
        {
            step.Operation.Dispose();
        }
    }

    private IReadOnlyList<PlanStep> Tie(Model model, RowChainLimits limits) =>
        RowChains.Tie(Fusion.Run(model), _graph.OutputIds, _width, limits);

    private CpuOutput OutputOf(int id)
    {
        var shape = _graph.ShapeOf(id);
        return new(shape, _arena.OffsetOf(id), Simd.PaddedChannels(shape.Channels, _width));
    }

    private long LengthOf(Value value, int images) =>
        checked(value.Shape.PixelCount * Simd.PaddedChannels(value.Shape.Channels, _width) * images);

    private ArenaPlan ArenaFor(IReadOnlyList<PlanStep> steps, SumsPlan sums, int images) =>
        new(steps, value => LengthOf(value, images), _graph.OutputIds, sums.Temporaries(images));

    private BoundStep Bind(PlanStep step, ArenaPlan.Temporary? sums)
    {
        var operation = new CpuOperations(_width, Chunk).Create(step);
        var input = step.ReadsPackedInput ? new Place(true, 0) : PlaceOf(step.Input.Id);
        return new(StepCost.Of(step, operation, sums is not null), operation, input, PlaceOf(step.Output.Id))
        {
            Gate = step.Gate is { } gate ? PlaceOf(gate) : null,
            Residual = step.Residual is { } residual ? PlaceOf(residual) : null,
            Sums = sums is { } taken ? PlaceOf(taken.Id) : null,
        };
    }

    private Place PlaceOf(int value) => new(false, _arena.OffsetOf(value));
}
