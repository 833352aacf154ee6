using System.Collections.Immutable;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>What a session on a GPU does in one run, known without a device.</summary>
/// <param name="Model">Name of the network.</param>
/// <param name="Batch">Images of the run.</param>
/// <param name="Launches">Kernel launches.</param>
/// <param name="Bytes">
/// Bytes of device memory that must be moved at least: every step's inputs, outputs and weights once.
/// </param>
/// <param name="Memory">Bytes that a session for this batch holds.</param>
/// <param name="Steps">The steps in the order they run.</param>
public sealed record PlanSummary(
    string Model,
    int Batch,
    int Launches,
    long Bytes,
    SessionMemory Memory,
    ImmutableArray<PlanStepSummary> Steps
)
{
    /// <summary>Plans a network for a batch.</summary>
    /// <param name="model">The network and its weights.</param>
    /// <param name="batch">Images of the run, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    /// <exception cref="ArgumentException">A feature map of the batch is more than kernels can index.</exception>
    /// <exception cref="Weights.ModelFormatException">The weights do not fit the network.</exception>
    public static PlanSummary Of(Model model, int batch)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        var plan = GpuPlan.WithoutDevice(model, batch);
        var steps = plan.Steps.Select(step => PlanStepSummary.Of(step, batch)).ToImmutableArray();
        return new(model.Graph.Name, batch, plan.LaunchCount, steps.Sum(step => step.Bytes), plan.Memory, steps);
    }
}

/// <summary>One fused step.</summary>
/// <param name="Name">Name of the layer it starts with.</param>
/// <param name="Operation">The operation that computes it.</param>
/// <param name="Output">Shape of its output, <c>[H, W, C]</c>.</param>
/// <param name="Launches">Kernel launches.</param>
/// <param name="Bytes">Bytes that it must move at least.</param>
public sealed record PlanStepSummary(
    string Name,
    string Operation,
    ImmutableArray<int> Output,
    int Launches,
    long Bytes
)
{
    internal static PlanStepSummary Of(GpuStep step, int batch)
    {
        var cost = step.Cost;
        return new(
            cost.Name,
            cost.Operation,
            LayerSummary.Axes(cost.Output),
            step.Operation.LaunchCount,
            cost.Bytes(batch)
        );
    }
}
