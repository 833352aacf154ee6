using System.Diagnostics;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>Where a call is, as the queue sees it.</summary>
internal enum CallStage
{
    /// <summary>The queue does not know it, or knows it no longer: a batch may have it.</summary>
    Outside,

    /// <summary>On its way: its image is being decoded.</summary>
    Announced,

    /// <summary>Its image is there, and it waits for a device.</summary>
    Ready,
}

/// <summary>One image on its way through a host. Ends once: answered, failed or given up.</summary>
internal abstract class Call
{
    private const int Pending = 0;
    private const int Reading = 1; // the image; it ends a moment later
    private const int Ended = 2;

    private int _state;

    /// <summary>Sets up its place in the queue.</summary>
    protected Call() => Place = new(this);

    /// <summary>Where it is; under the queue's lock.</summary>
    public CallStage Stage { get; set; }

    /// <summary>Its place among those that are ready; under the queue's lock.</summary>
    public LinkedListNode<Call> Place { get; }

    /// <summary>When its image was there, as <see cref="Stopwatch"/> counts.</summary>
    public long ReadySince { get; set; }

    /// <summary>
    /// Its image, axes <c>[H, W, C]</c>: in memory that is another's as soon as the call has ended, hence for
    /// <see cref="Read"/> alone.
    /// </summary>
    public ReadOnlyMemory<float> Image { private get; set; }

    /// <summary>What its caller traces it as; nothing where that is not traced.</summary>
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    /// <summary>Whether it has ended.</summary>
    public bool IsEnded => Volatile.Read(ref _state) == Ended;

    /// <summary>Copies its image, unless it has ended.</summary>
    /// <param name="image">Receives it, axes <c>[H, W, C]</c>.</param>
    public void Read(Span<float> image)
    {
        ReadOnlySpan<float> source;
        try
        {
            source = Image.Span;
        }
#pragma warning disable CA1031 // The caller's memory may be a manager's own: what that throws is this caller's alone.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Fail(fault);
            return;
        }
        if (Interlocked.CompareExchange(ref _state, Reading, Pending) == Pending)
        {
            source.CopyTo(image);
            Volatile.Write(ref _state, Pending);
        }
    }

    /// <summary>Answers it from a batch that has run, unless it has ended.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="index">The place in it.</param>
    public abstract void Answer(CallBatch batch, int index);

    /// <summary>Ends it with a fault, unless it has ended.</summary>
    /// <param name="fault">What its caller gets.</param>
    /// <returns>Whether this ended it.</returns>
    public abstract bool Fail(Exception fault);

    /// <summary>True for the one who may end it, when its image is not being read any more.</summary>
    protected bool TryEnd()
    {
        var wait = new SpinWait();
        int before;
        while ((before = Interlocked.CompareExchange(ref _state, Ended, Pending)) == Reading)
        {
            wait.SpinOnce();
        }
        return before == Pending;
    }
}

/// <summary>A call with its kind of result.</summary>
/// <param name="read">Takes the result from a batch, given the place in it.</param>
internal sealed class Call<T>(Func<CallBatch, int, T> read) : Call
{
    // Callers go on elsewhere: not on the thread that ends the call, which has others to end.
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its result.</summary>
    public Task<T> Result => _result.Task;

    /// <inheritdoc/>
    public override void Answer(CallBatch batch, int index)
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
