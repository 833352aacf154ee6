namespace ILGpuMobileNet.Host.Load;

/// <summary>Counts queries that were asked and are not answered, without keeping them.</summary>
internal sealed class PendingQueries
{
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count = 1; // one more, until no more come

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref _count) - 1;

    /// <summary>Adds one.</summary>
    /// <param name="query">Ends with its answer; what it fails with does not matter here.</param>
    public void Add(Task query)
    {
        if (!query.IsCompleted) // else another thread would count it out, some time later
        {
            Interlocked.Increment(ref _count);
            query.GetAwaiter().OnCompleted(Remove);
        }
    }

    /// <summary>Ends when all that were added have ended; no more are added.</summary>
    public Task AllAsync()
    {
        Remove();
        return _all.Task;
    }

    private void Remove()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            _all.TrySetResult();
        }
    }
}
