using System.Runtime.InteropServices;

namespace ILGpuMobileNet.Host.Load;

/// <summary>The time since a run began.</summary>
/// <param name="time">The clock.</param>
/// <param name="sleep">Lets some time pass, or less of it, at once when the token is set.</param>
internal sealed class LoadClock(TimeProvider time, Action<TimeSpan, CancellationToken> sleep)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>
    /// The real clock. On Linux and macOS it sleeps to some 0.1 ms, elsewhere to the millisecond: to wait more exactly would
    /// take a core from the host.
    /// </summary>
    public LoadClock()
        : this(TimeProvider.System, Sleep) { }

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
            sleep(rest, cancellationToken);
        }
    }

    // .NET's own waits are in whole milliseconds, which arrivals would come in bunches after.
    private static void Sleep(TimeSpan duration, CancellationToken stop)
    {
        var milliseconds = Math.Floor(duration.TotalMilliseconds);
        if (milliseconds > 0)
        {
            stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(milliseconds));
        }
        else if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
        {
            _ = SleepMicroseconds((uint)Math.Ceiling(duration.TotalMicroseconds));
        }
        else
        {
            stop.WaitHandle.WaitOne(1);
        }
    }

    [DllImport("libc", EntryPoint = "usleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SleepMicroseconds(uint microseconds);
}
