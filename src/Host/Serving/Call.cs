using System.Diagnostics;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>Where a call is, as the queue sees it.</summary>
internal enum CallStage
{
    /// <summary>The queue does not know it, or knows it no longer.</summary>
    Outside,

    /// <summary>On its way: its image is being decoded.</summary>
    Announced,

    /// <summary>Waiting for a place in a batch.</summary>
    Waiting,

    /// <summary>It has a place, and its image is being written there.</summary>
    Placed,

    /// <summary>Its image is written.</summary>
    Ready,
}

/// <summary>One image on its way through a host. Ends once: answered, failed or given up.</summary>
internal abstract class Call
{
    private const int Pending = 0;
    private const int Ended = 1;

    private int _state;

    /// <summary>Where it is; under the queue's lock.</summary>
    public CallStage Stage { get; set; }

    /// <summary>The batch that its image is in; changed under the queue's lock only.</summary>
    public StagingBatch? Batch { get; set; }

    /// <summary>Its place in the batch; changed under the queue's lock only, and not while its image is written.</summary>
    public int Index { get; set; }

    /// <summary>Ends when it has a place or has ended; set where there was no place at once.</summary>
    public TaskCompletionSource? Admission { get; set; }

    /// <summary>What its caller traces it as; nothing where that is not traced.</summary>
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    /// <summary>Whether it has ended.</summary>
    public bool IsEnded => Volatile.Read(ref _state) == Ended;

    /// <summary>Where its image goes, axes <c>[H, W, C]</c>.</summary>
    public Span<float> Image => Batch!.ImageOf(Index);

    /// <summary>Answers it from a batch that has run, unless it has ended.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="index">The place in it.</param>
    public abstract void Answer(StagingBatch batch, int index);

    /// <summary>Ends it with a fault, unless it has ended.</summary>
    /// <param name="fault">What its caller gets.</param>
    /// <returns>Whether this ended it.</returns>
    public abstract bool Fail(Exception fault);

    /// <summary>True for the one who may end it.</summary>
    protected bool TryEnd() => Interlocked.CompareExchange(ref _state, Ended, Pending) == Pending;
}

/// <summary>A call with its kind of result.</summary>
/// <param name="read">Takes the result from a batch, given the place in it.</param>
internal sealed class Call<T>(Func<StagingBatch, int, T> read) : Call
{
    // Callers go on elsewhere: not on the thread that ends the call, which has others to end.
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its result.</summary>
    public Task<T> Result => _result.Task;

    /// <inheritdoc/>
    public override void Answer(StagingBatch batch, int index)
    {
        if (!TryEnd())
        {
            return;
        }
        try
        {
            _result.SetResult(read(batch, index));
        }
#pragma warning disable CA1031 // Whatever is wrong with one result is its caller's; the batch's others are answered.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _result.SetException(fault);
        }
    }

    /// <inheritdoc/>
    public override bool Fail(Exception fault)
    {
        if (!TryEnd())
        {
            return false;
        }
        _result.SetException(fault);
        return true;
    }
}
