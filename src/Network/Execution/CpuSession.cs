using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>A session on the CPU's vector units and cores.</summary>
public sealed class CpuSession : ISession, ITimedSession
{
    private readonly CpuPlan _plan;
    private readonly WorkerTeam _team;
    private readonly AlignedBuffer _arena;
    private readonly SessionTurn _turn;

    /// <summary>Fuses and packs a network and takes the memory for its largest batch.</summary>
    /// <param name="model">The network and its weights.</param>
    /// <param name="options">Batch and threads.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1 or the number of threads is not in range.</exception>
    /// <exception cref="Weights.ModelFormatException">The weights do not fit the network.</exception>
    /// <exception cref="InsufficientMemoryException">
    /// Weights, activations and working memory are more than the machine, or its container, has.
    /// </exception>
    public CpuSession(Model model, SessionOptions options)
        : this(model, options, Simd.Preferred) { }

    internal CpuSession(Model model, SessionOptions options, SimdWidth width, RowChainLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximalBatch, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.ThreadCount, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ThreadCount, 1024, nameof(options));
        (Input, MaximalBatch) = (model.Graph.Input, options.MaximalBatch);
        Outputs = [.. model.Graph.OutputIds.Select(model.Graph.ShapeOf)];
        _turn = new(Input, Outputs, MaximalBatch);
        ThreadCount = options.ThreadCount == 0 ? Environment.ProcessorCount : options.ThreadCount;
        _plan = new CpuPlan(model, width, MaximalBatch, WorkerTeam.ParallelismOf(ThreadCount), limits);
        CheckMemory(model.Graph.Name);
        _arena = new AlignedBuffer(_plan.ArenaLength);
        _team = new WorkerTeam(ThreadCount, _plan.ScratchLength);
        Rehearse();
    }

    /// <inheritdoc/>
    public string Device => "cpu";

    /// <inheritdoc/>
    public FeatureShape Input { get; }

    /// <inheritdoc/>
    public FeatureShape Output => Outputs[0];

    /// <inheritdoc/>
    public ImmutableArray<FeatureShape> Outputs { get; }

    /// <inheritdoc/>
    public int MaximalBatch { get; }

    /// <summary>Threads that a run uses, the caller among them.</summary>
    public int ThreadCount { get; }

    /// <inheritdoc/>
    public SessionMemory Memory => _plan.MemoryFor(ThreadCount);

    ImmutableArray<StepCost> ITimedSession.Steps => [.. _plan.Steps.Select(step => step.Cost)];

    int ITimedSession.Chunk => _plan.Chunk;

    bool ITimedSession.WaitsAfterSteps => false;

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<float> input, Span<float> output, int batch) =>
        RunTurn(input, new(output), batch, null);

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<float> input, ReadOnlySpan<Memory<float>> outputs, int batch) =>
        RunTurn(input, new(outputs), batch, null);

    void ITimedSession.Run(ReadOnlySpan<float> input, Span<float> output, int batch, StepClock clock) =>
        RunTurn(input, new(output), batch, clock);

    private void RunTurn(ReadOnlySpan<float> input, OutputBuffers outputs, int batch, StepClock? clock)
    {
        _turn.Begin(this, input.Length, outputs, batch);
        try
        {
            RunChunks(input, outputs, batch, clock);
        }
        finally
        {
            _turn.End();
        }
    }

    /// <summary>Gives the memory back and ends the threads; waits for a run that is under way.</summary>
    public void Dispose()
    {
        if (_turn.Close())
        {
            _team.Dispose();
            _arena.Dispose();
            _plan.Dispose();
        }
    }

    private void CheckMemory(string network)
    {
        try
        {
            var what = $"{network} for {Input}, batch {MaximalBatch}, {ThreadCount} threads,";
            Memory.CheckFits(what, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        }
        catch (InsufficientMemoryException)
        {
            _plan.Dispose();
            throw;
        }
    }

    private unsafe void Rehearse()
    {
        using var image = new AlignedBuffer(Input.ElementCount);
        var images = image.Pointer;
        using var rehearsal = new Rehearsal(_plan.Steps, step => Bind(step, images, 1));
        _team.Run(rehearsal, new(1));
    }

    private unsafe void RunChunks(ReadOnlySpan<float> input, OutputBuffers outputs, int batch, StepClock? clock)
    {
        fixed (float* images = input)
        {
            for (var first = 0; first < batch; first += _plan.Chunk)
            {
                var count = Math.Min(_plan.Chunk, batch - first);
                RunSteps(images + first * Input.ElementCount, count, clock);
                for (var i = 0; i < outputs.Count; i++)
                {
                    var size = (int)Outputs[i].ElementCount;
                    CopyOutput(_plan.Outputs[i], outputs[i].Slice(first * size, count * size));
                }
            }
        }
    }

    private unsafe void RunSteps(float* images, int count, StepClock? clock)
    {
        clock?.Start();
        for (var i = 0; i < _plan.Steps.Length; i++)
        {
            var step = _plan.Steps[i];
            _team.Run(step.Operation, Bind(step, images, count), isShared: !step.Cost.IsShort(count));
            clock?.Lap(i);
        }
    }

    private unsafe Operands Bind(BoundStep step, float* images, int count)
    {
        var arena = _arena.Pointer;
        return new(count)
        {
            Input = step.Input.IsCallerInput ? images : arena + step.Input.Offset,
            Output = arena + step.Output.Offset,
            Gate = step.Gate is { } gate ? arena + gate.Offset : null,
            Residual = step.Residual is { } residual ? arena + residual.Offset : null,
            Sums = step.Sums is { } sums ? arena + sums.Offset : null,
        };
    }

    private unsafe void CopyOutput(CpuOutput source, Span<float> output)
    {
        var pixel = _arena.Pointer + source.Offset;
        var channels = source.Shape.Channels;
        for (; !output.IsEmpty; output = output[channels..], pixel += source.Stride)
        {
            new ReadOnlySpan<float>(pixel, channels).CopyTo(output);
        }
    }
}
