namespace ILGpuMobileNet.Host.Serving;

/// <summary>Lets calls into a host, as many as it takes at once, until it closes.</summary>
/// <param name="capacity">Calls that may be inside.</param>
/// <param name="policy">What happens to more.</param>
internal sealed class Entrance(int capacity, WhenFull policy) : IDisposable
{
    private readonly SemaphoreSlim _room = new(capacity);
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private int _count; // inside or waiting to be
    private bool _isClosed;

    /// <summary>Calls inside or waiting to be.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether it is closed.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>Lets a call in; <see cref="Leave"/> must follow.</summary>
    /// <param name="mayReject">Whether the call can be rejected; else it waits whatever the policy is.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="QueueFullException">There is no room, and calls are rejected then.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    /// <exception cref="OperationCanceledException">The waiting was ended.</exception>
    public async ValueTask EnterAsync(bool mayReject, CancellationToken cancellationToken)
    {
        var isIn = false;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(MobileNetHost));
            isIn = _room.Wait(0, CancellationToken.None);
            if (!isIn && mayReject && policy == WhenFull.Reject)
            {
                throw new QueueFullException(capacity);
            }
            _count++;
        }
        if (!isIn)
        {
            await WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Notes that a call has left.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _room.Release();
            CountOut();
        }
    }

    /// <summary>Lets nobody in any more; the task ends when all have left.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            if (_count == 0)
            {
                _empty.TrySetResult();
            }
        }
        return _empty.Task;
    }

    /// <summary>To be called when it is closed and all have left.</summary>
    public void Dispose() => _room.Dispose();

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                CountOut();
            }
            throw;
        }
    }

    private void CountOut()
    {
        _count--;
        if (_isClosed && _count == 0)
        {
            _empty.TrySetResult();
        }
    }
}
