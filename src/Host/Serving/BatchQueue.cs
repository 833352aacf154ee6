using System.Diagnostics;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>
/// Gathers calls into batches and hands these to whichever lane is idle. A batch goes when it is full, has a preferred
/// size, when nobody else is on the way, or when its first image has waited long enough.
/// </summary>
internal sealed class BatchQueue
{
    private readonly object _gate = new();
    private readonly MobileNetHostOptions _options;
    private readonly Stack<StagingBatch> _free = new();
    private readonly LinkedList<StagingBatch> _sealed = new(); // take no more images; in the order of their turn
    private readonly LinkedList<Call> _waiting = new(); // for a place in a batch
    private readonly List<LaneId> _lanes = []; // those in order
    private StagingBatch? _open;
    private int _coming; // announced calls whose image is not written yet
    private int _returning; // callers who were answered a moment ago and may come again
    private long _answered; // when that was
    private Exception? _fault; // set while no lane is in order
    private bool _isClosed;

    /// <summary>Takes the memory of the batches.</summary>
    /// <param name="options">Sizes and times.</param>
    /// <param name="model">What is run.</param>
    public BatchQueue(MobileNetHostOptions options, HostedModel model)
    {
        _options = options;
        for (var i = 0; i < options.BatchCount; i++)
        {
            _free.Push(new(this, model.Input, model.Outputs, options.MaximalBatch));
        }
        _open = _free.Pop();
    }

    /// <summary>Images that are prepared and that no lane has taken.</summary>
    public int ReadyCount
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count + _sealed.Sum(batch => batch.ReadyCount) + (_open?.ReadyCount ?? 0);
            }
        }
    }

    /// <summary>Bytes of the batches, and of the images that are prepared for them.</summary>
    /// <param name="options">Sizes.</param>
    /// <param name="model">What is run.</param>
    public static long BytesOf(MobileNetHostOptions options, HostedModel model)
    {
        var image = model.Outputs.Prepend(model.Input).Sum(shape => shape.ElementCount);
        var prepared = options.Decoders * model.Input.ElementCount;
        return (options.BatchCount * options.MaximalBatch * image + prepared) * sizeof(float);
    }

    /// <summary>Notes a call on the way: batches wait for it a moment.</summary>
    /// <param name="call">The call.</param>
    public void Announce(Call call)
    {
        lock (_gate)
        {
            call.Stage = CallStage.Announced;
            _coming++;
            _returning = Math.Max(0, _returning - 1);
            if (_fault is not null)
            {
                call.Fail(_fault);
                Forget(call);
            }
        }
    }

    /// <summary>
    /// Gives an announced call a place in a batch, now or later. When the task has ended, its image is to be written and
    /// <see cref="Commit"/> called, unless it has ended before and has no place.
    /// </summary>
    /// <param name="call">The call.</param>
    public Task ReserveAsync(Call call)
    {
        lock (_gate)
        {
            if (call.Stage != CallStage.Announced || call.IsEnded)
            {
                return Task.CompletedTask;
            }
            if (_fault is not null) // since it was announced
            {
                call.Fail(_fault);
                Forget(call);
                return Task.CompletedTask;
            }
            if (_open is not null)
            {
                Place(call, _open);
                return Task.CompletedTask;
            }
            call.Stage = CallStage.Waiting;
            call.Admission = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.AddLast(call);
            return call.Admission.Task;
        }
    }

    /// <summary>Notes that the image of a call that has a place is written, or that the writing failed and ended it.</summary>
    /// <param name="call">The call.</param>
    public void Commit(Call call)
    {
        lock (_gate)
        {
            if (call.IsEnded)
            {
                Forget(call);
                return;
            }
            call.Batch!.Commit(call);
            _coming--;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Frees what a call that has ended takes up; one whose image is being written is left to its writer.</summary>
    /// <param name="call">The call.</param>
    public void Withdraw(Call call)
    {
        lock (_gate)
        {
            if (call.Stage != CallStage.Placed)
            {
                Forget(call);
            }
        }
    }

    /// <summary>Waits for the next batch; null when there will be none.</summary>
    /// <param name="lane">Who asks.</param>
    public StagingBatch? Take(LaneId lane)
    {
        lock (_gate)
        {
            while (!_isClosed)
            {
                if (NextSealed(lane) is { } batch)
                {
                    batch.IsTaken = true;
                    return batch;
                }
                var patience = Patience();
                if (patience == TimeSpan.Zero)
                {
                    Seal();
                    continue;
                }
                // Rounded up: a timer that fires early would only be set again.
                Monitor.Wait(
                    _gate,
                    patience is { } time ? (int)Math.Ceiling(time.TotalMilliseconds) : Timeout.Infinite
                );
            }
            return null;
        }
    }

    /// <summary>Notes that callers are about to be answered; they may come again.</summary>
    /// <param name="count">How many.</param>
    public void NoteAnswers(int count)
    {
        lock (_gate)
        {
            _returning = Returning() + count;
            _answered = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Takes a batch back whose calls have ended.</summary>
    /// <param name="batch">The batch.</param>
    public void Recycle(StagingBatch batch)
    {
        lock (_gate)
        {
            Free(batch);
        }
    }

    /// <summary>Notes a lane in order, at its start or after a failure.</summary>
    /// <param name="lane">The lane.</param>
    public void Join(LaneId lane)
    {
        lock (_gate)
        {
            _lanes.Add(lane);
            _fault = null;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>
    /// Notes that a lane failed. Its batch goes to another one once, of another device where there is one; where no lane is
    /// left, or the batch has failed before, its calls fail. When no lane is left, all calls do.
    /// </summary>
    /// <param name="lane">The lane.</param>
    /// <param name="batch">The batch that it had.</param>
    /// <param name="fault">What the calls get.</param>
    /// <returns>Whether the batch is tried again.</returns>
    public bool Leave(LaneId lane, StagingBatch batch, Exception fault)
    {
        lock (_gate)
        {
            _lanes.Remove(lane);
            var isRetried = batch.FailedOn is null && _lanes.Count > 0;
            if (isRetried)
            {
                (batch.FailedOn, batch.IsTaken) = (lane, false);
                _sealed.AddFirst(batch);
                Monitor.PulseAll(_gate);
            }
            else
            {
                batch.End(fault);
            }
            if (_lanes.Count == 0)
            {
                _fault = fault;
                EndAll(fault);
            }
            return isRetried;
        }
    }

    /// <summary>Lets the lanes end; calls that are left end with a fault.</summary>
    /// <param name="fault">What they get.</param>
    public void Close(Exception fault)
    {
        lock (_gate)
        {
            (_isClosed, _fault) = (true, fault);
            EndAll(fault);
            Monitor.PulseAll(_gate);
        }
    }

    private StagingBatch? NextSealed(LaneId lane)
    {
        for (var node = _sealed.First; node is not null; node = node.Next)
        {
            var batch = node.Value;
            if (batch.WriterCount == 0 && IsFor(lane, batch))
            {
                _sealed.Remove(node);
                return batch;
            }
        }
        return null;
    }

    // A batch that failed goes to another device where there is one, else to another session of the same, and back to the
    // one that failed with it only when that is all that is left.
    private bool IsFor(LaneId lane, StagingBatch batch) =>
        batch.FailedOn is not { } failed
        || lane.Device != failed.Device
        || !_lanes.Exists(other => other.Device != failed.Device)
            && (lane != failed || !_lanes.Exists(other => other != failed));

    /// <summary>How long the open batch still waits for others; null when it is empty.</summary>
    private TimeSpan? Patience()
    {
        if (_open is null or { ReadyCount: 0 })
        {
            return null;
        }
        var delay = _options.MaximalDelay;
        var (age, sinceAnswers) = (Stopwatch.GetElapsedTime(_open.Begin), Stopwatch.GetElapsedTime(_answered));
        var isAlone = _coming == 0 && Returning() == 0;
        if (isAlone || age >= delay || _options.PreferredBatches.Contains(_open.ReadyCount))
        {
            return TimeSpan.Zero;
        }
        return _coming == 0 && sinceAnswers > age ? delay - sinceAnswers : delay - age;
    }

    private int Returning() => Stopwatch.GetElapsedTime(_answered) < _options.MaximalDelay ? _returning : 0;

    private void Place(Call call, StagingBatch open)
    {
        open.Add(call);
        if (open.IsFull)
        {
            Seal();
        }
    }

    private void Seal()
    {
        _sealed.AddLast(_open!);
        _open = null;
        Open();
    }

    /// <summary>Opens the next batch where there is one, and lets waiting calls in.</summary>
    private void Open()
    {
        _open ??= _free.TryPop(out var batch) ? batch : null;
        while (_open is not null && _waiting.First is { Value: var call })
        {
            _waiting.RemoveFirst();
            Place(call, _open);
            call.Admission!.SetResult();
        }
    }

    private void Free(StagingBatch batch)
    {
        batch.Clear();
        _free.Push(batch);
        Open();
    }

    /// <summary>Takes a call out wherever it is, except out of a batch that a lane has.</summary>
    private void Forget(Call call)
    {
        _coming -= call.Stage is CallStage.Announced or CallStage.Waiting or CallStage.Placed ? 1 : 0;
        switch (call.Stage)
        {
            case CallStage.Announced:
                call.Stage = CallStage.Outside;
                break;
            case CallStage.Waiting:
                _waiting.Remove(call);
                call.Stage = CallStage.Outside;
                call.Admission!.SetResult();
                break;
            case CallStage.Placed or CallStage.Ready when call.Batch is { IsTaken: false } batch:
                Vacate(call, batch);
                break;
        }
        Monitor.PulseAll(_gate); // nobody else may be on the way now
    }

    private void Vacate(Call call, StagingBatch batch)
    {
        batch.Remove(call);
        if (batch == _open)
        {
            Open();
        }
        else if (batch.Count == 0)
        {
            _sealed.Remove(batch);
            Free(batch);
        }
    }

    private void EndAll(Exception fault)
    {
        List<Call> calls = [.. _waiting, .. _sealed.SelectMany(batch => batch.Calls), .. _open?.Calls ?? []];
        foreach (var call in calls)
        {
            call.Fail(fault);
            if (call.Stage != CallStage.Placed)
            {
                Forget(call);
            }
        }
    }
}
