using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>The runs of a CPU session, one after the other. Nothing is allocated by a run.</summary>
/// <param name="plan">The steps.</param>
/// <param name="team">The threads.</param>
/// <param name="arena">The arena, as long as the plan says.</param>
internal sealed unsafe class CpuRun(CpuPlan plan, WorkerTeam team, float* arena) : ITeamWork
{
    private const int EnoughImages = 4; // for each thread, so that one more for some of them does not matter

    private readonly nint[] _outputs = new nint[plan.Outputs.Length];
    private int _outputCount;
    private StepClock? _clock;
    private float* _images; // of the chunk
    private int _count; // of these

    /// <summary>Runs a batch.</summary>
    /// <param name="input">Images.</param>
    /// <param name="outputs">Receive the results.</param>
    /// <param name="batch">Images N.</param>
    /// <param name="clock">Notes the times of the steps; of the caller's own where threads work apart.</param>
    public void Run(ReadOnlySpan<float> input, OutputBuffers outputs, int batch, StepClock? clock)
    {
        (_outputCount, _clock) = (outputs.Count, clock);
        fixed (float* images = input)
        {
            RunPinned(images, outputs, 0, batch);
        }
    }

    /// <summary>Where a step reads and writes.</summary>
    /// <param name="step">The step.</param>
    /// <param name="images">The images of the chunk.</param>
    /// <param name="first">First image of these.</param>
    /// <param name="count">Images.</param>
    public Operands Bind(BoundStep step, float* images, int first, int count) =>
        new(count)
        {
            FirstImage = first,
            Input = At(step.Input, images, first),
            Output = At(step.Output, images, first),
            Gate = step.Gate is { } gate ? At(gate, images, first) : null,
            Residual = step.Residual is { } residual ? At(residual, images, first) : null,
            Sums = step.Sums is { } sums ? At(sums, images, first) : null,
        };

    /// <inheritdoc/>
    void ITeamWork.Run(int item, int thread, float* scratch)
    {
        var first = SimdOperation.Part(_count, team.Parallelism, item);
        var count = SimdOperation.Part(_count, team.Parallelism, item + 1) - first;
        var clock = thread == 0 ? _clock : null;
        clock?.Start();
        for (var i = 0; i < plan.TailStart; i++)
        {
            var step = plan.Steps[i];
            step.Operation.RunAlone(Bind(step, _images, first, count), scratch);
            clock?.Lap(i);
        }
    }

    private float* At(Place place, float* images, int first) =>
        (place.IsCallerInput ? images : arena + place.Offset) + first * place.ImageLength;

    /// <summary>Keeps one buffer after the other in place, and runs when all are.</summary>
    private void RunPinned(float* images, OutputBuffers outputs, int pinned, int batch)
    {
        if (pinned < outputs.Count)
        {
            fixed (float* buffer = outputs[pinned])
            {
                _outputs[pinned] = (nint)buffer;
                RunPinned(images, outputs, pinned + 1, batch);
            }
            return;
        }
        for (var first = 0; first < batch; first += plan.Chunk)
        {
            _images = images + first * plan.ImageLength;
            _count = Math.Min(plan.Chunk, batch - first);
            RunChunk();
            CopyOutputs(first);
        }
    }

    private void RunChunk()
    {
        var threads = team.Parallelism;
        var isApart = threads > 1 && (_count % threads == 0 || _count >= EnoughImages * threads);
        if (isApart)
        {
            team.Run(this, threads);
        }
        RunShared(isApart ? plan.TailStart : 0);
    }

    private void RunShared(int start)
    {
        _clock?.Start();
        for (var i = start; i < plan.Steps.Length; i++)
        {
            var step = plan.Steps[i];
            team.Run(step.Operation, Bind(step, _images, 0, _count), isShared: !step.Cost.IsShort(_count));
            _clock?.Lap(i);
        }
    }

    private void CopyOutputs(int first)
    {
        for (var i = 0; i < _outputCount; i++)
        {
            var output = plan.Outputs[i];
            var channels = output.Shape.Channels;
            var pixel = arena + output.Offset;
            var at = (float*)_outputs[i] + first * output.Shape.ElementCount;
            for (var left = _count * output.Shape.PixelCount; left > 0; left--)
            {
                new ReadOnlySpan<float>(pixel, channels).CopyTo(new(at, channels));
                pixel += output.Stride;
                at += channels;
            }
        }
    }
}
