using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>Does asynchronous work on many items at once and gives the results in the items' order.</summary>
internal static class OrderedWork
{
    /// <summary>Works on the items.</summary>
    /// <param name="items">The items.</param>
    /// <param name="window">Items that are worked on at once, at least 1; no more are held.</param>
    /// <param name="work">What is done with one; the token is set when nobody wants its result any more.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async IAsyncEnumerable<TResult> RunAsync<TItem, TResult>(
        IAsyncEnumerable<TItem> items,
        int window,
        Func<TItem, CancellationToken, Task<TResult>> work,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new Queue<Task<TResult>>();
        await using var source = items.GetAsyncEnumerator(stop.Token);
        var coming = source.MoveNextAsync().AsTask();
        try
        {
            while (running.Count > 0 || await coming.ConfigureAwait(false))
            {
                if (running.Count == window || running.Count > 0 && await IsNextDoneAsync(coming, running.Peek()))
                {
                    yield return await running.Dequeue().ConfigureAwait(false);
                }
                else
                {
                    running.Enqueue(work(source.Current, stop.Token));
                    coming = source.MoveNextAsync().AsTask();
                }
            }
        }
        finally
        {
            // Whoever stops early leaves nothing behind; what the others met no longer matters.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ((Task)coming).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits for the next item or the next result; true for the result, which does not wait for slow items.</summary>
    private static async Task<bool> IsNextDoneAsync<TResult>(Task<bool> coming, Task<TResult> next)
    {
        await Task.WhenAny(next, coming).ConfigureAwait(false);
        return next.IsCompleted || !await coming.ConfigureAwait(false);
    }
}
