using System.Diagnostics;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>A lane as the queue knows it.</summary>
/// <param name="device">The number of its device, which other lanes may have too.</param>
/// <param name="maximalBatch">Largest batch.</param>
internal sealed class LaneId(int device, int maximalBatch)
{
    /// <summary>The number of its device, which other lanes may have too.</summary>
    public int Device { get; } = device;

    /// <summary>What its runs cost.</summary>
    public BatchCosts Costs { get; } = new(maximalBatch);
}

/// <summary>
/// A thread that puts batches through a session. When the session fails it is closed, and opened again as soon as that
/// works and an image goes through it.
/// </summary>
internal sealed class DeviceLane
{
    private const int LongestWait = 32; // probe intervals

    private readonly BatchQueue _queue;
    private readonly LaneId _id;
    private readonly Func<ISession> _open;
    private readonly TimeSpan _probeInterval;
    private readonly HostWatch _watch;
    private readonly CancellationToken _stopping;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly float[] _images; // [N, H, W, C]; empty where sessions have memory for that
    private ISession? _session; // null while its device is out of order
    private volatile string? _fault;

    /// <summary>Takes a session over; <see cref="Start"/> begins the work.</summary>
    /// <param name="queue">Where batches come from.</param>
    /// <param name="id">What the queue knows it by.</param>
    /// <param name="open">Opens a session on it.</param>
    /// <param name="probeInterval">How long a failed device is left alone first.</param>
    /// <param name="watch">Is told what happens.</param>
    /// <param name="stopping">Ends the probing.</param>
    public DeviceLane(
        BatchQueue queue,
        LaneId id,
        Func<ISession> open,
        TimeSpan probeInterval,
        HostWatch watch,
        CancellationToken stopping
    )
    {
        (_queue, _id, _open, _probeInterval) = (queue, id, open, probeInterval);
        (_watch, _stopping) = (watch, stopping);
        _session = open();
        Device = _session.Device;
        _images =
            _session is IStagedSession ? [] : new float[checked(_session.MaximalBatch * _session.Input.ElementCount)];
    }

    /// <summary>The device, as the session calls it.</summary>
    public string Device { get; }

    /// <summary>How it is.</summary>
    public SessionHealth Health => new(Device, _fault);

    /// <summary>Ends when the thread has ended and the session is closed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Begins to take batches.</summary>
    public void Start()
    {
        _queue.Join(_id);
        // Unsafe: what is current where the host is started, an activity for one, is not so for its batches.
        new Thread(Work) { IsBackground = true, Name = $"mobilenet {Device}" }.UnsafeStart();
    }

    /// <summary>Closes the session of a lane that was never started.</summary>
    public void Abandon() => _session?.Dispose();

    private void Work()
    {
        while (_queue.Take(_id) is { } batch)
        {
            if (!TryRun(batch) && !Recover())
            {
                break;
            }
        }
        End();
    }

    private void End()
    {
        try
        {
            _session?.Dispose();
            _ended.SetResult();
        }
#pragma warning disable CA1031 // It reaches whoever stops the host; here it would end the process.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _ended.SetException(fault);
        }
    }

    private bool TryRun(CallBatch batch)
    {
        if (Run(batch) is { } fault)
        {
            var count = batch.Count;
            _fault = fault.Message;
            var isRetried = _queue.Leave(_id, batch, Described(fault));
            _watch.DeviceFailed(Device, count, isRetried, fault);
            return false;
        }
        batch.End(null);
        Thread.Yield(); // to those who are answered, where they share the core
        return true;
    }

    /// <summary>Puts a batch through the session; gives what that failed with.</summary>
    private Exception? Run(CallBatch batch)
    {
        using var watch = _watch.BatchBegins(Device, batch);
        try
        {
            var begin = Stopwatch.GetTimestamp();
            batch.Run(_session!, _images);
            _id.Costs.Note(batch.Count, Stopwatch.GetElapsedTime(begin));
            return null;
        }
#pragma warning disable CA1031 // Whatever a session throws, it is out of order: the batch must not be lost, nor the thread.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            watch.Fail(fault);
            return fault;
        }
    }

    /// <summary>Opens the session again when that works; false when the host is stopped before.</summary>
    private bool Recover()
    {
        Close();
        for (var wait = 1; !_stopping.WaitHandle.WaitOne(_probeInterval * wait); wait = Math.Min(2 * wait, LongestWait))
        {
            if (TryReopen())
            {
                _fault = null;
                _queue.Join(_id);
                _watch.DeviceBack(Device);
                return true;
            }
        }
        return false;
    }

    private bool TryReopen()
    {
        try
        {
            _session = _open();
            var outputs = _session.Outputs.Select(shape => new float[shape.ElementCount].AsMemory());
            _session.Run(new float[_session.Input.ElementCount], outputs.ToArray(), 1);
            return true;
        }
#pragma warning disable CA1031 // Whatever is thrown, the device is not back yet.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _fault = fault.Message;
            _watch.ProbeFailed(Device, fault);
            Close();
            return false;
        }
    }

    // A device that is out of order may refuse even this; another session is opened all the same.
    private void Close()
    {
        try
        {
            _session?.Dispose();
        }
#pragma warning disable CA1031 // Whatever is thrown, nothing more can be done about it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _watch.ProbeFailed(Device, fault);
        }
        _session = null;
    }

    private Exception Described(Exception fault) =>
        fault is DeviceException or InsufficientMemoryException
            ? fault
            : new DeviceException(Device, $"failed while running: {fault.Message}", true, fault);
}
