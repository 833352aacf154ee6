using System.Diagnostics;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>
/// The steps on maps for many images as one operation: an item takes some images from step to step on one thread, which
/// neither waits for others nor finds in their caches what it reads.
/// </summary>
/// <param name="plan">The steps.</param>
/// <param name="memory">Where they read and write.</param>
internal sealed unsafe class ImageGroups(CpuPlan plan, CpuMemory memory) : SimdOperation
{
    /// <summary>Receives the times of the steps, or null.</summary>
    public StepClock? Clock { get; set; }

    /// <inheritdoc/>
    public override int ItemCount(in Operands operands) =>
        operands.Threads * Ratio(operands.Batch, operands.Threads * plan.Layout.OwnImages);

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var groups = ItemCount(operands);
        var first = Part(operands.Batch, groups, item);
        var count = Part(operands.Batch, groups, item + 1) - first;
        var images = new ImageRange(operands.Input, first, count) { Scratch = scratch };
        var last = Stopwatch.GetTimestamp();
        for (var i = 0; i < plan.Layout.MapStepCount; i++)
        {
            RunAlone(plan.Steps[i].Operation, memory.Bind(plan.Steps[i], images), scratch);
            last = Clock?.Lap(i, last, operands.Threads) ?? last;
        }
    }

    private static void RunAlone(SimdOperation operation, Operands operands, float* scratch)
    {
        for (var phase = 0; phase < operation.PhaseCount; phase++)
        {
            operands = operands with { Phase = phase };
            var items = operation.ItemCount(operands);
            for (var item = 0; item < items; item++)
            {
                operation.Run(operands, item, scratch);
            }
        }
    }
}
