using System.Diagnostics;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>
/// Gathers calls whose images are there into batches for whichever lane is idle. A batch goes when it is full, when as many
/// calls are there as is preferred, when nobody else is on the way, or when its first call has waited as long as it may and
/// as that pays.
/// </summary>
internal sealed class BatchQueue
{
    private const double LeastWait = 0.5; // milliseconds: timers count whole ones

    private readonly object _gate = new();
    private readonly MobileNetHostOptions _options;
    private readonly Stack<CallBatch> _free = new();
    private readonly LinkedList<Call> _ready = new();
    private readonly LinkedList<CallBatch> _failed = new(); // to be tried again
    private readonly List<LaneId> _lanes = []; // those in order
    private int _coming; // announced calls whose image is not there yet
    private readonly LinkedList<Answers> _answers = new(); // to callers who may come again, the last at the end
    private Exception? _fault; // set while no lane is in order
    private bool _isClosed;

    /// <summary>Takes the memory of the results.</summary>
    /// <param name="options">Sizes and times.</param>
    /// <param name="model">What is run.</param>
    public BatchQueue(MobileNetHostOptions options, HostedModel model)
    {
        _options = options;
        for (var i = 0; i < options.BatchCount; i++)
        {
            _free.Push(new(this, model.Outputs, options.MaximalBatch));
        }
    }

    /// <summary>Images that are prepared and that no lane has taken.</summary>
    public int ReadyCount
    {
        get
        {
            lock (_gate)
            {
                return _ready.Count + _failed.Sum(batch => batch.Count);
            }
        }
    }

    /// <summary>Bytes of results, of images that lanes gather, and of pictures that are prepared for them.</summary>
    /// <param name="options">Sizes.</param>
    /// <param name="model">What is run.</param>
    public static long BytesOf(MobileNetHostOptions options, HostedModel model)
    {
        var results = options.BatchCount * options.MaximalBatch * model.Outputs.Sum(shape => shape.ElementCount);
        var gathered = options.Devices.Count(device => device == DeviceName.Cpu) * options.MaximalBatch;
        return (results + (gathered + options.PreparedCount) * model.Input.ElementCount) * sizeof(float);
    }

    /// <summary>Notes a call on the way: batches wait for it a moment.</summary>
    /// <param name="call">The call.</param>
    public void Announce(Call call)
    {
        lock (_gate)
        {
            call.Stage = CallStage.Announced;
            _coming++;
            NoteReturn();
            if (_fault is not null)
            {
                call.Fail(_fault);
                Forget(call);
            }
        }
    }

    /// <summary>Notes that the image of an announced call is there, unless it has ended.</summary>
    /// <param name="call">The call.</param>
    public void Commit(Call call)
    {
        lock (_gate)
        {
            if (_fault is not null) // since it was announced
            {
                call.Fail(_fault);
            }
            if (call.Stage != CallStage.Announced || call.IsEnded)
            {
                Forget(call);
                return;
            }
            (call.Stage, call.ReadySince) = (CallStage.Ready, Stopwatch.GetTimestamp());
            _coming--;
            _ready.AddLast(call.Place);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Takes a call out that has ended, unless a batch has it.</summary>
    /// <param name="call">The call.</param>
    public void Withdraw(Call call)
    {
        lock (_gate)
        {
            Forget(call);
        }
    }

    /// <summary>Waits for the next batch; null when there will be none.</summary>
    /// <param name="lane">Who asks.</param>
    public CallBatch? Take(LaneId lane)
    {
        lock (_gate)
        {
            while (!_isClosed)
            {
                if (NextFailed(lane) is { } failed)
                {
                    return failed;
                }
                var patience = Patience(lane.Costs.FixedCost);
                if (patience == TimeSpan.Zero && _free.TryPop(out var batch))
                {
                    Fill(batch, lane);
                    return batch;
                }
                // Rounded up: a timer that fires early would only be set again.
                var wait =
                    patience > TimeSpan.Zero ? (int)Math.Ceiling(patience.Value.TotalMilliseconds) : Timeout.Infinite;
                Monitor.Wait(_gate, wait);
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
            while (_answers.First is { } oldest && !IsWithin(_options.MaximalDelay, oldest.Value))
            {
                _answers.RemoveFirst();
            }
            if (count > 0)
            {
                _answers.AddLast(new Answers(Stopwatch.GetTimestamp(), count));
            }
        }
    }

    /// <summary>Takes a batch back whose calls have ended.</summary>
    /// <param name="batch">The batch.</param>
    public void Recycle(CallBatch batch)
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
    public bool Leave(LaneId lane, CallBatch batch, Exception fault)
    {
        lock (_gate)
        {
            _lanes.Remove(lane);
            var isRetried = batch.FailedOn is null && _lanes.Count > 0;
            if (isRetried)
            {
                batch.FailedOn = lane;
                _failed.AddFirst(batch);
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

    private CallBatch? NextFailed(LaneId lane)
    {
        LinkedListNode<CallBatch>? next;
        for (var node = _failed.First; node is not null; node = next)
        {
            next = node.Next;
            if (!IsFor(lane, node.Value))
            {
                continue;
            }
            _failed.Remove(node);
            node.Value.DropEnded();
            if (node.Value.Count > 0)
            {
                return node.Value;
            }
            Free(node.Value);
        }
        return null;
    }

    // A batch that failed goes to another device where there is one, else to another session of the same, and back to the
    // one that failed with it only when that is all that is left.
    private bool IsFor(LaneId lane, CallBatch batch) =>
        batch.FailedOn is not { } failed
        || lane.Device != failed.Device
        || !_lanes.Exists(other => other.Device != failed.Device)
            && (lane != failed || !_lanes.Exists(other => other != failed));

    /// <summary>How long the calls that are there still wait for others; null where there are none.</summary>
    /// <param name="fixedCost">What a run costs however small its batch; null where that is not known.</param>
    private TimeSpan? Patience(TimeSpan? fixedCost)
    {
        if (_ready.First is not { Value: var first })
        {
            return null;
        }
        if (_ready.Count >= _options.MaximalBatch || PreferredCount() > 0)
        {
            return TimeSpan.Zero;
        }
        var delay = fixedCost < _options.MaximalDelay ? fixedCost.Value : _options.MaximalDelay;
        var age = Stopwatch.GetElapsedTime(first.ReadySince);
        var returning = LastWithin(delay);
        if ((_coming == 0 && returning is null) || age >= delay)
        {
            return TimeSpan.Zero;
        }
        var rest = delay - age;
        if (_coming == 0 && returning is { } last)
        {
            rest = delay - Max(age, Stopwatch.GetElapsedTime(last.Time));
        }
        return rest.TotalMilliseconds >= LeastWait ? rest : TimeSpan.Zero;
    }

    // Who comes is taken for one of those who were answered last: others may have left for good.
    private void NoteReturn()
    {
        if (_answers.Last is { } last && --last.Value.Count == 0)
        {
            _answers.RemoveLast();
        }
    }

    /// <summary>The last answers whose callers may still come again within a time; null for none.</summary>
    private Answers? LastWithin(TimeSpan time) =>
        _answers.Last is { Value: var last } && IsWithin(time, last) ? last : null;

    private static bool IsWithin(TimeSpan time, Answers answers) => Stopwatch.GetElapsedTime(answers.Time) < time;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>The largest preferred size, the maximal one among them, that as many calls are there for; 0 for none.</summary>
    private int PreferredCount()
    {
        var sizes = _options.PreferredBatches;
        var most = sizes.Count > 0 && _ready.Count >= _options.MaximalBatch ? _options.MaximalBatch : 0;
        foreach (var size in sizes)
        {
            most = size <= _ready.Count ? Math.Max(most, size) : most;
        }
        return most;
    }

    /// <summary>
    /// How many of the calls that are there a lane takes where no size is preferred: it leaves the others what they do in
    /// the same time, where that saves its own calls more than a further run costs.
    /// </summary>
    private int ShareOf(LaneId lane)
    {
        var speed = 0.0; // of all, in terms of its own
        foreach (var other in _lanes)
        {
            speed += lane.Costs.ImageCost / other.Costs.ImageCost is > 0 and < double.PositiveInfinity and var ratio
                ? ratio
                : 1;
        }
        var share = (int)Math.Ceiling(_ready.Count / speed);
        var isWorthIt = (_ready.Count - share) * lane.Costs.ImageCost > lane.Costs.FixedCost;
        return Math.Min(isWorthIt ? share : _ready.Count, _options.MaximalBatch);
    }

    private void Fill(CallBatch batch, LaneId lane)
    {
        var count = PreferredCount() is > 0 and var preferred ? preferred : ShareOf(lane);
        for (; count > 0; count--)
        {
            var call = _ready.First!.Value;
            _ready.RemoveFirst();
            call.Stage = CallStage.Outside;
            batch.Add(call);
        }
        if (_ready.Count > 0)
        {
            Monitor.Pulse(_gate);
        }
    }

    private void Free(CallBatch batch)
    {
        batch.Clear();
        _free.Push(batch);
        Monitor.Pulse(_gate); // a lane may wait for one
    }

    /// <summary>Takes a call out wherever it is, except out of a batch.</summary>
    private void Forget(Call call)
    {
        switch (call.Stage)
        {
            case CallStage.Announced:
                _coming--;
                break;
            case CallStage.Ready:
                _ready.Remove(call.Place);
                break;
        }
        call.Stage = CallStage.Outside;
        Monitor.PulseAll(_gate); // nobody else may be on the way now
    }

    private void EndAll(Exception fault)
    {
        foreach (var batch in _failed)
        {
            batch.End(fault);
        }
        _failed.Clear();
        while (_ready.First is { Value: var call })
        {
            call.Fail(fault);
            Forget(call);
        }
    }

    /// <summary>Answers that were given at once.</summary>
    /// <param name="time">When.</param>
    /// <param name="count">How many callers have not come again.</param>
    private sealed class Answers(long time, int count)
    {
        public long Time { get; } = time;

        public int Count { get; set; } = count;
    }
}
