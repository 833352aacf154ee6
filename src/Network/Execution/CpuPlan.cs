using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>What memory a value lies in.</summary>
internal enum Region
{
    /// <summary>The caller's images.</summary>
    Images,

    /// <summary>That of the images which a thread does alone, or which all threads do together.</summary>
    Own,

    /// <summary>That of all images of a round.</summary>
    Common,
}

/// <summary>Where a value lies.</summary>
/// <param name="Region">In what memory.</param>
/// <param name="ImageLength">Floats of an image.</param>
/// <param name="Offset">Floats from the beginning of the memory.</param>
/// <param name="OffsetTogether">The same, in the memory of the images that all threads do together.</param>
internal readonly record struct Place(Region Region, long ImageLength, long Offset, long OffsetTogether);

/// <summary>Where an output lies after the last step, among what is common to the threads.</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Offset">Floats from the beginning.</param>
/// <param name="Stride">Floats from one position to the next, the padding of the channels included.</param>
internal sealed record CpuOutput(FeatureShape Shape, long Offset, int Stride);

/// <summary>An operation with the places it reads and writes.</summary>
internal sealed record BoundStep(StepCost Cost, SimdOperation Operation, Place Input, Place Output)
{
    /// <summary>The gate, or none.</summary>
    public Place? Gate { get; init; }

    /// <summary>The residual, or none.</summary>
    public Place? Residual { get; init; }

    /// <summary>The row sums that a depthwise convolution leaves for squeeze-excite, or none.</summary>
    public Place? Sums { get; init; }

    /// <summary>Working memory that the operation needs for each image, or none.</summary>
    public Place? Shared { get; init; }
}

/// <summary>
/// What CPU sessions execute: fused steps with packed weights and their places. Runs change nothing of it,
/// so that sessions can share it; the weights are given back when the last of them lets go.
/// </summary>
internal sealed class CpuPlan : IDisposable
{
    private readonly SimdWidth _width;
    private int _holders = 1;

    /// <summary>Fuses, packs and places a network.</summary>
    /// <param name="model">The network and its weights.</param>
    /// <param name="width">Vector width.</param>
    /// <param name="maximalBatch">Largest batch that will be run.</param>
    /// <param name="threadCount">Threads that run at the same time.</param>
    /// <param name="limits">When steps are tied together; the measured limits if none are given.</param>
    public CpuPlan(Model model, SimdWidth width, int maximalBatch, int threadCount, RowChainLimits? limits = null)
    {
        (_width, Graph, MaximalBatch) = (width, model.Graph, maximalBatch);
        var steps = StepsOf(model, width, limits ?? LimitsFor(maximalBatch, threadCount));
        var operations = steps.Select(new CpuOperations(width).Create).ToList();
        Layout = new(Graph, steps, operations.ConvertAll(OperationNeeds.Of), width, maximalBatch, threadCount);
        Steps = [.. steps.Select((step, i) => Bind(step, operations[i], i))];
        Outputs = [.. Graph.OutputIds.Select(OutputOf)];
    }

    /// <summary>The network.</summary>
    public NetworkGraph Graph { get; }

    /// <summary>Largest batch that may be run.</summary>
    public int MaximalBatch { get; }

    /// <summary>Where the values of the steps lie.</summary>
    public CpuLayout Layout { get; }

    /// <summary>The steps in the order they run.</summary>
    public ImmutableArray<BoundStep> Steps { get; }

    /// <summary>Where the outputs lie after the last step.</summary>
    public ImmutableArray<CpuOutput> Outputs { get; }

    /// <summary>
    /// The layout that a plan would have. Steps are packed one after the other for their sizes, and none is kept.
    /// </summary>
    /// <param name="model">The network and its weights, whose values do not matter.</param>
    /// <param name="width">Vector width.</param>
    /// <param name="maximalBatch">Largest batch that would be run.</param>
    /// <param name="threadCount">Threads that would run at the same time.</param>
    public static CpuLayout LayoutFor(Model model, SimdWidth width, int maximalBatch, int threadCount)
    {
        var steps = StepsOf(model, width, LimitsFor(maximalBatch, threadCount));
        var create = new CpuOperations(width);
        return new(model.Graph, steps, [.. steps.Select(NeedsOf)], width, maximalBatch, threadCount);

        OperationNeeds NeedsOf(PlanStep step)
        {
            using var operation = create.Create(step);
            return OperationNeeds.Of(operation);
        }
    }

    /// <summary>Takes part in the plan; <see cref="Dispose"/> lets go of it. False when everybody has let go of it.</summary>
    public bool TryShare()
    {
        for (var holders = Volatile.Read(ref _holders); holders > 0; holders = Volatile.Read(ref _holders))
        {
            if (Interlocked.CompareExchange(ref _holders, holders + 1, holders) == holders)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Lets go of the plan, once for each that takes part; the last one gives the weights back.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            foreach (var step in Steps)
            {
                step.Operation.Dispose();
            }
        }
    }

    private static RowChainLimits LimitsFor(int maximalBatch, int threadCount) =>
        RowChainLimits.For(Math.Min(maximalBatch, CpuLayout.MaximalOwnImages * threadCount), threadCount);

    private static IReadOnlyList<PlanStep> StepsOf(Model model, SimdWidth width, RowChainLimits limits) =>
        PadInputStep.Prepend(RowChains.Tie(Fusion.Run(model), model.Graph.OutputIds, width, limits), model.Graph);

    private CpuOutput OutputOf(int id)
    {
        var shape = Graph.ShapeOf(id);
        return new(shape, PlaceOf(id).Offset, Simd.PaddedChannels(shape.Channels, _width));
    }

    private BoundStep Bind(PlanStep step, SimdOperation operation, int index)
    {
        var sums = Layout.SumsOf(index);
        var images = new Place(Region.Images, Graph.Input.ElementCount, 0, 0);
        var input = step.ReadsPackedInput ? images : Layout.PlaceOf(step.Input);
        var cost = StepCost.Of(step, operation, sums is not null);
        return new(cost, operation, input, Layout.PlaceOf(step.Output))
        {
            Gate = step.Gate is { } gate ? PlaceOf(gate) : null,
            Residual = step.Residual is { } residual ? PlaceOf(residual) : null,
            Sums = sums,
            Shared = Layout.SharedOf(index),
        };
    }

    private Place PlaceOf(int id) => Layout.PlaceOf(new(id, Graph.ShapeOf(id)));
}
