using System.Diagnostics;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>Watches a batch while it runs.</summary>
/// <param name="metrics">Told at the end.</param>
/// <param name="activity">The batch's; null where nobody listens.</param>
/// <param name="device">Where it runs.</param>
/// <param name="count">Images in it.</param>
internal readonly struct BatchWatch(HostMetrics metrics, Activity? activity, string device, int count) : IDisposable
{
    private readonly long _begin = Stopwatch.GetTimestamp();

    /// <summary>Notes that it failed.</summary>
    /// <param name="fault">What it failed with.</param>
    public void Fail(Exception fault) => HostWatch.Fail(activity, fault);

    /// <summary>Notes that it has ended.</summary>
    public void Dispose()
    {
        try
        {
            metrics.BatchEnded(device, count, Stopwatch.GetElapsedTime(_begin).TotalSeconds);
            activity?.Dispose();
        }
#pragma warning disable CA1031 // What a listener throws must not end a lane's thread, and with it the process.
        catch (Exception)
#pragma warning restore CA1031
        {
            // There is nobody to tell.
        }
    }
}
