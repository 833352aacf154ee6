namespace ILGpuMobileNet.Host.Load;

/// <summary>The time since a run began.</summary>
/// <param name="time">The clock.</param>
/// <param name="sleep">Lets some time pass, of whole milliseconds, or less of it when the token is set.</param>
internal sealed class LoadClock(TimeProvider time, Action<TimeSpan, CancellationToken> sleep)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>The real clock. It sleeps to the millisecond: to wait more exactly would take a core from the host.</summary>
    public LoadClock()
        : this(TimeProvider.System, (duration, stop) => stop.WaitHandle.WaitOne(duration)) { }

    /// <summary>Time since the beginning.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>Time from the beginning to a moment.</summary>
    /// <param name="timestamp">The moment, as the clock counts.</param>
    public TimeSpan At(long timestamp) => time.GetElapsedTime(_start, timestamp);

    /// <summary>Waits on this thread.</summary>
    /// <param name="moment">Time since the beginning; not a moment before.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public void WaitUntil(TimeSpan moment, CancellationToken cancellationToken)
    {
        while (moment - Elapsed is var rest && rest > TimeSpan.Zero)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sleep(TimeSpan.FromMilliseconds(Math.Ceiling(rest.TotalMilliseconds)), cancellationToken);
        }
    }
}
