using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>
/// The first and the last item of every step, in any order: has each kernel compiled before the first run, by all
/// threads at once, where a run would wait for one after the other. What it computes means nothing.
/// </summary>
/// <param name="plan">The steps.</param>
/// <param name="memory">Where they read and write.</param>
internal sealed unsafe class Rehearsal(CpuPlan plan, CpuMemory memory) : SimdOperation
{
    /// <inheritdoc/>
    public override int ItemCount(in Operands operands) => 2 * plan.Steps.Length;

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var (step, isLast) = (plan.Steps[item / 2], item % 2 == 1);
        var image = new ImageRange(operands.Input, 0, 1) { Scratch = memory.HasOwnImages ? scratch : null };
        for (var phase = 0; phase < step.Operation.PhaseCount; phase++)
        {
            var bound = memory.Bind(step, image) with { Phase = phase, Threads = operands.Threads };
            var last = step.Operation.ItemCount(bound) - 1;
            if (!isLast || last > 0)
            {
                step.Operation.Run(bound, isLast ? last : 0, scratch);
            }
        }
    }
}
