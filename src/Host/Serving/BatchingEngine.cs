using System.Collections.Immutable;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>Answers calls from any thread by batches on one or more devices.</summary>
internal sealed class BatchingEngine : IAsyncDisposable
{
    private readonly Entrance _entrance;
    private readonly BatchQueue _queue;
    private readonly ImmutableArray<DeviceLane> _lanes;
    private readonly HostWatch _watch;
    private readonly TimeSpan? _timeLimit;
    private readonly TimeSpan _patience;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _hurry = new(); // ends the draining
    private readonly Lock _gate = new();
    private Task? _end;

    /// <summary>Opens the sessions and begins.</summary>
    /// <param name="model">What is run.</param>
    /// <param name="options">Checked options.</param>
    /// <param name="open">Opens a session on one of the options' devices, given its place in their list.</param>
    /// <param name="watch">Is told what happens; ends with the engine.</param>
    public BatchingEngine(HostedModel model, MobileNetHostOptions options, Func<int, ISession> open, HostWatch watch)
    {
        _watch = watch;
        (_timeLimit, _patience) = (options.TimeLimit, options.StopPatience);
        _entrance = new(options.QueueCapacity, options.WhenFull);
        _queue = new(options, model);
        _lanes = OpenLanes(options, open);
        foreach (var lane in _lanes)
        {
            lane.Start();
        }
        watch.Started(this);
    }

    /// <summary>The devices of its sessions.</summary>
    public ImmutableArray<string> Devices => [.. _lanes.Select(lane => lane.Device)];

    /// <summary>Calls under way.</summary>
    public int CallCount => _entrance.Count;

    /// <summary>Images that are prepared and wait for a device.</summary>
    public int ReadyCount => _queue.ReadyCount;

    /// <summary>How it is, now.</summary>
    public HostHealth Health
    {
        get
        {
            ImmutableArray<SessionHealth> sessions = [.. _lanes.Select(lane => lane.Health)];
            var failed = sessions.Count(session => session.Fault is not null);
            var status =
                _entrance.IsClosed ? HostStatus.Stopped
                : failed == 0 ? HostStatus.Healthy
                : failed < sessions.Length ? HostStatus.Degraded
                : HostStatus.Unhealthy;
            return new(status, sessions);
        }
    }

    /// <summary>Answers a call.</summary>
    /// <param name="read">Takes the result from a batch, given the place in it.</param>
    /// <param name="image">Where its image comes from.</param>
    /// <param name="terms">What it may take.</param>
    public Task<T> CallAsync<T>(Func<CallBatch, int, T> read, ImageSupply image, CallTerms terms) =>
        _watch.SeesCalls ? WatchedAsync(read, image, terms) : AnswerAsync(read, image, terms);

    /// <summary>Takes no more calls, lets those under way end for a time, then gives them up.</summary>
    /// <param name="drainTime">The time.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="TimeoutException">A device has not come back from a batch.</exception>
    public async Task StopAsync(TimeSpan drainTime, CancellationToken cancellationToken)
    {
        var empty = _entrance.CloseAsync();
        var hurried = Task.WhenAny(empty, _hurry.Task).WaitAsync(drainTime, cancellationToken);
        await ((Task)hurried).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await EndAsync(empty).ConfigureAwait(false);
    }

    /// <summary>Gives up the calls that are under way and closes the sessions; waits for batches that run.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await EndAsync(_entrance.CloseAsync()).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Nothing more can be done about a device that hangs; its thread ends with the process.
        }
    }

    // A method of its own: where nobody watches, no closure is made.
    private Task<T> WatchedAsync<T>(Func<CallBatch, int, T> read, ImageSupply image, CallTerms terms) =>
        _watch.CallAsync(() => AnswerAsync(read, image, terms));

    private async Task<T> AnswerAsync<T>(Func<CallBatch, int, T> read, ImageSupply image, CallTerms terms)
    {
        var limit = terms.TimeLimit ?? _timeLimit;
        MobileNetHostOptions.CheckTimeLimit(limit);
        ObjectDisposedException.ThrowIf(_entrance.IsClosed, typeof(MobileNetHost));
        // Calls without a limit and without a token of their own, which are most under load, need no source of their own.
        using var own =
            limit is null && !terms.CancellationToken.CanBeCanceled
                ? null
                : CancellationTokenSource.CreateLinkedTokenSource(terms.CancellationToken, _ending.Token);
        own?.CancelAfter(limit ?? Timeout.InfiniteTimeSpan);
        var giveUp = own?.Token ?? _ending.Token;
        try
        {
            await _entrance.EnterAsync(terms.MayReject, giveUp).ConfigureAwait(false);
            return await InsideAsync(new Call<T>(read), image, giveUp).ConfigureAwait(false);
        }
        catch (OperationCanceledException fault) when (giveUp.IsCancellationRequested)
        {
            terms.CancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_ending.IsCancellationRequested, typeof(MobileNetHost));
            throw new TimeoutException($"The call was not answered within {limit}.", fault);
        }
    }

    private async Task<T> InsideAsync<T>(Call<T> call, ImageSupply image, CancellationToken giveUp)
    {
        var bringing = Task.CompletedTask;
        try
        {
            _queue.Announce(call);
            using var watch = giveUp.UnsafeRegister(_ => End(call, new OperationCanceledException(giveUp)), null);
            bringing = call.IsEnded ? bringing : BringAsync(call, image, giveUp);
            return await call.Result.ConfigureAwait(false);
        }
        finally
        {
            // Who has an answer has left, and finds his place free when he comes again; by then no more than the end of
            // the bringing is left.
            if (!giveUp.IsCancellationRequested)
            {
                await bringing.ConfigureAwait(false);
            }
            LeaveAfter(bringing, image);
        }
    }

    // A call that was given up may still be decoding: it counts until that has ended.
    private void LeaveAfter(Task bringing, ImageSupply image)
    {
        if (bringing.IsCompleted)
        {
            Leave(image);
        }
        else
        {
            bringing.GetAwaiter().OnCompleted(() => Leave(image));
        }
    }

    private void Leave(ImageSupply image)
    {
        image.TakeBack();
        _entrance.Leave();
    }

    /// <summary>Brings a call's image; what goes wrong ends the call.</summary>
    private async Task BringAsync(Call call, ImageSupply image, CancellationToken giveUp)
    {
        try
        {
            call.Image = await image.BringAsync(giveUp).ConfigureAwait(false);
            _queue.Commit(call);
        }
#pragma warning disable CA1031 // It reaches the call's caller.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            End(call, fault);
        }
    }

    private void End(Call call, Exception fault)
    {
        if (call.Fail(fault))
        {
            _queue.Withdraw(call);
        }
    }

    private ImmutableArray<DeviceLane> OpenLanes(MobileNetHostOptions options, Func<int, ISession> open)
    {
        var lanes = new List<DeviceLane>();
        try
        {
            for (var i = 0; i < options.Devices.Count; i++)
            {
                var place = i;
                var first = options.Devices.ToList().IndexOf(options.Devices[i]);
                var id = new LaneId(first, options.MaximalBatch);
                lanes.Add(new(_queue, id, () => open(place), options.ProbeInterval, _watch, _ending.Token));
            }
        }
        catch
        {
            lanes.ForEach(lane => lane.Abandon());
            _watch.Dispose();
            throw;
        }
        return [.. lanes];
    }

    private Task EndAsync(Task empty)
    {
        lock (_gate)
        {
            return _end ??= EndOnceAsync(empty);
        }
    }

    private async Task EndOnceAsync(Task empty)
    {
        _hurry.TrySetResult();
        await _ending.CancelAsync().ConfigureAwait(false);
        _queue.Close(new ObjectDisposedException(nameof(MobileNetHost)));
        var lanes = Task.WhenAll(_lanes.Select(lane => lane.Ended).Append(empty));
        try
        {
            await lanes.WaitAsync(_patience).ConfigureAwait(false);
        }
        catch (TimeoutException fault)
        {
            var hanging = _lanes.Where(lane => !lane.Ended.IsCompleted).Select(lane => lane.Device).ToList();
            var names = hanging.Count > 0 ? string.Join(", ", hanging) : "a picture that is being read";
            _watch.Hangs(names, fault);
            _watch.Dispose();
            throw new TimeoutException($"Stopped, but {names} did not come back within {_patience}.", fault);
        }
        _watch.Stopped();
        _watch.Dispose();
        _entrance.Dispose();
        _ending.Dispose();
    }
}
