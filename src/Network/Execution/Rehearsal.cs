using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>
/// The first and the last item of every step, in any order: has each kernel compiled before the first run, by all
/// threads at once, where a run would wait for one after the other. What it computes means nothing.
/// </summary>
/// <param name="steps">The steps of a plan.</param>
/// <param name="bind">Gives the operands of a step.</param>
internal sealed unsafe class Rehearsal(IReadOnlyList<BoundStep> steps, Func<BoundStep, Operands> bind) : SimdOperation
{
    /// <inheritdoc/>
    public override int ItemCount(in Operands operands) => 2 * steps.Count;

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var (step, isLast) = (steps[item / 2], item % 2 == 1);
        for (var phase = 0; phase < step.Operation.PhaseCount; phase++)
        {
            var bound = bind(step) with { Phase = phase, Threads = operands.Threads };
            var last = step.Operation.ItemCount(bound) - 1;
            if (!isLast || last > 0)
            {
                step.Operation.Run(bound, isLast ? last : 0, scratch);
            }
        }
    }
}
