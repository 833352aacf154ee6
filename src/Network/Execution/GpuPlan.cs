using System.Collections.Immutable;
using ILGPU;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>A part of the arena, in <see cref="Float4"/>.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">What the largest batch needs.</param>
internal readonly record struct GpuPlace(long Offset, long Length);

/// <summary>An operation with the places it reads and writes.</summary>
/// <param name="Step">What it computes.</param>
/// <param name="Operation">How.</param>
internal sealed record GpuStep(PlanStep Step, GpuOperation Operation)
{
    /// <summary>The feature map read; none when it reads the caller's images.</summary>
    public GpuPlace? Input { get; init; }

    /// <summary>The feature map written.</summary>
    public required GpuPlace Output { get; init; }

    /// <summary>The gate, or none.</summary>
    public GpuPlace? Gate { get; init; }

    /// <summary>The residual, or none.</summary>
    public GpuPlace? Residual { get; init; }

    /// <summary>The sums that a depthwise convolution leaves for squeeze-excite, or none.</summary>
    public GpuPlace? Sums { get; init; }

    /// <summary>Working memory, or none.</summary>
    public GpuPlace? Scratch { get; init; }

    /// <summary>What it must do at least.</summary>
    public StepCost Cost => StepCost.Of(Step, Operation, Sums is not null);

    /// <summary>The places on a device.</summary>
    /// <param name="images">The caller's images.</param>
    /// <param name="arena">The arena.</param>
    /// <param name="batch">Images of a run.</param>
    public GpuOperands Operands(ArrayView<float> images, ArrayView<Float4> arena, int batch)
    {
        // A view that an operation does not use is the whole arena, since empty ones are no arguments.
        ArrayView<Float4> At(GpuPlace? place) => place is { } at ? arena.SubView(at.Offset, at.Length) : arena;
        return new(batch)
        {
            Images = images,
            Input = At(Input),
            Output = At(Output),
            Gate = At(Gate),
            Residual = At(Residual),
            Sums = At(Sums),
            Scratch = At(Scratch),
        };
    }
}

/// <summary>
/// What an ILGPU session executes: fused steps as kernels with their places in one arena. It is made without touching
/// the device, so that memory, launches and bytes are known before anything is taken.
/// </summary>
internal sealed class GpuPlan
{
    private readonly NetworkGraph _graph;
    private readonly int _maximalBatch;
    private readonly ArenaPlan _arena;

    /// <summary>Fuses and places a network.</summary>
    /// <param name="model">The network and its weights.</param>
    /// <param name="choice">Chooses tiles and group sizes.</param>
    /// <param name="maximalBatch">Largest batch that will be run.</param>
    /// <exception cref="ArgumentException">A feature map of the batch is more than kernels can index.</exception>
    public GpuPlan(Model model, ILaunchChoice choice, int maximalBatch)
    {
        (_graph, _maximalBatch) = (model.Graph, maximalBatch);
        var steps = PadInputStep.Prepend(Fusion.Run(model), _graph);
        CheckIndices(steps);
        var operations = new GpuOperations(choice, maximalBatch);
        var sums = SumsPlan.Of(
            steps,
            shape => new DepthwiseBands(shape).Count,
            channels => 4 * Float4.CountFor(channels)
        );
        var made = steps.Select((step, i) => operations.Create(step, sums.IsSummed(i), sums.BandCount(i))).ToList();
        IEnumerable<ArenaPlan.Temporary> temporaries = [.. sums.Temporaries(maximalBatch), .. Scratch(made)];
        _arena = new ArenaPlan(steps, LengthOf, _graph.OutputIds, temporaries);
        Steps = [.. steps.Select((step, i) => Bind(step, made[i], i, sums))];
        Outputs = [.. _graph.OutputIds.Select(id => PlaceOf(new Value(id, _graph.ShapeOf(id))))];
    }

    /// <summary>The plan without a device: tiles and group sizes are no one's, all else is that of every device.</summary>
    /// <param name="model">The network and its weights.</param>
    /// <param name="maximalBatch">Largest batch that would be run.</param>
    /// <exception cref="ArgumentException">A feature map of the batch is more than kernels can index.</exception>
    public static GpuPlan WithoutDevice(Model model, int maximalBatch) =>
        new(model, new LaunchRule(DeviceLimits.Of(GpuDevice.CpuShape)), maximalBatch);

    /// <summary>The steps in the order they run.</summary>
    public ImmutableArray<GpuStep> Steps { get; }

    /// <summary>The arena, in <see cref="Float4"/>.</summary>
    public long ArenaLength => _arena.Length / 4;

    /// <summary>All packed weights, in <see cref="Float4"/>.</summary>
    public long WeightLength => Steps.Sum(step => (long)step.Operation.WeightLength);

    /// <summary>The caller's images of the largest batch, in floats.</summary>
    public long ImagesLength => checked(_graph.Input.ElementCount * _maximalBatch);

    /// <summary>Where the padded outputs lie after the last step.</summary>
    public ImmutableArray<GpuPlace> Outputs { get; }

    /// <summary>The padded outputs of the largest batch, in <see cref="Float4"/>.</summary>
    public long OutputLength => Outputs.Sum(output => output.Length);

    /// <summary>Kernel launches of a run.</summary>
    public int LaunchCount => Steps.Sum(step => step.Operation.LaunchCount);

    /// <summary>Bytes that a session holds.</summary>
    public SessionMemory Memory =>
        new(
            checked(WeightLength * 16),
            checked(ArenaLength * 16 + ImagesLength * sizeof(float)),
            0,
            checked(ImagesLength * sizeof(float) + OutputLength * 16)
        );

    /// <summary>Refuses feature maps that kernels cannot index; they would be refused at the first run otherwise.</summary>
    private void CheckIndices(IReadOnlyList<PlanStep> steps)
    {
        foreach (var step in steps)
        {
            _ = LaunchShape.ElementCount(_maximalBatch, step.Input.Shape);
            _ = LaunchShape.ElementCount(_maximalBatch, step.Output.Shape);
        }
    }

    private IEnumerable<ArenaPlan.Temporary> Scratch(List<GpuOperation> operations) =>
        operations
            .Select((operation, i) => ArenaPlan.Temporary.ScratchOf(i, Floats(operation)))
            .Where(temporary => temporary.Length > 0);

    private long Floats(GpuOperation operation) => 4L * operation.ScratchLength(_maximalBatch);

    private GpuStep Bind(PlanStep step, GpuOperation operation, int index, SumsPlan sums) =>
        new(step, operation)
        {
            Input = step.ReadsPackedInput ? null : PlaceOf(step.Input),
            Output = PlaceOf(step.Output),
            Gate = step.Gate is { } gate ? PlaceOf(new Value(gate, _graph.ShapeOf(gate))) : null,
            Residual = step.Residual is { } residual ? PlaceOf(step.Output with { Id = residual }) : null,
            Sums = sums.At(index, _maximalBatch) is { } taken ? PlaceOf(taken) : null,
            Scratch = Floats(operation) is > 0 and var length
                ? PlaceOf(ArenaPlan.Temporary.ScratchOf(index, length))
                : null,
        };

    private GpuPlace PlaceOf(Value value) => PlaceOf(value.Id, LengthOf(value));

    private GpuPlace PlaceOf(ArenaPlan.Temporary temporary) => PlaceOf(temporary.Id, temporary.Length);

    private GpuPlace PlaceOf(int id, long floats) => new(_arena.OffsetOf(id) / 4, floats / 4);

    private long LengthOf(Value value) =>
        4 * value.Shape.PixelCount * Float4.CountFor(value.Shape.Channels) * _maximalBatch;
}
