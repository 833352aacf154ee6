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
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(0.25); // without giving way

    /// <summary>Receives the times of the steps, or null.</summary>
    public StepClock? Clock { get; set; }

    /// <summary>Brings an image to where it is read, given its number in the batch; null where all are there.</summary>
    public Action<int>? Fetch { get; set; }

    /// <summary>The number of the round's first image in the batch.</summary>
    public int FirstImage { get; set; }

    /// <summary>Brings some images of the round.</summary>
    /// <param name="images">Which.</param>
    public void FetchImages(in ImageRange images)
    {
        for (var i = 0; i < images.Count && Fetch is not null; i++)
        {
            Fetch(FirstImage + images.First + i);
        }
    }

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
        FetchImages(images);
        var last = Stopwatch.GetTimestamp();
        var yielded = last;
        for (var i = 0; i < plan.Layout.MapStepCount; i++)
        {
            RunAlone(plan.Steps[i].Operation, memory.Bind(plan.Steps[i], images), scratch);
            last = Clock?.Lap(i, last, operands.Threads) ?? last;
            yielded = Fetch is null ? yielded : YieldNowAndThen(yielded);
        }
    }

    // Who has images fetched serves others, whose threads would wait for the end of a time slice of milliseconds.
    private static long YieldNowAndThen(long last)
    {
        if (Stopwatch.GetElapsedTime(last) < s_longest)
        {
            return last;
        }
        Thread.Yield();
        return Stopwatch.GetTimestamp();
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
