namespace ILGpuMobileNet.Reference;

/// <summary>
/// How long tests wait for what is to come about. A build server that others use too may be a hundred times slower than
/// a machine alone, and a test that gives up too soon fails without a fault; one that has a fault waits in vain anyway.
/// </summary>
public static class Patience
{
    /// <summary>No test that waits for this long has anything to hope for.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Waits until something that other threads bring about is so.</summary>
    /// <param name="condition">Tells whether it is so.</param>
    /// <exception cref="TimeoutException">It has not come about.</exception>
    public static async Task UntilAsync(Func<bool> condition)
    {
        var end = DateTime.UtcNow + Limit;
        while (!condition())
        {
            if (DateTime.UtcNow > end)
            {
                throw new TimeoutException($"It has not come about in {Limit}.");
            }
            await Task.Delay(2);
        }
    }
}
