namespace ILGpuMobileNet.Cli.Reports;

/// <summary>How fast something is done, over all and of late.</summary>
/// <param name="time">The clock, which starts now.</param>
internal sealed class Pace(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly long _start = time.GetTimestamp();
    private readonly Queue<(TimeSpan At, long Count)> _marks = new([(TimeSpan.Zero, 0)]);
    private TimeSpan _lastMark;

    /// <summary>How many were done.</summary>
    public long Count { get; private set; }

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>Done in a second, from the start.</summary>
    public double Mean => Count / Elapsed.TotalSeconds;

    /// <summary>Done in a second, over the last half minute.</summary>
    public double Recent
    {
        get
        {
            var (at, count) = _marks.Peek();
            return (Count - count) / (Elapsed - at).TotalSeconds;
        }
    }

    /// <summary>Counts what was done.</summary>
    /// <param name="count">How many.</param>
    public void Advance(int count)
    {
        Count += count;
        var elapsed = Elapsed;
        if (elapsed - _lastMark < Step)
        {
            return;
        }
        while (_marks.Count > 1 && elapsed - _marks.Peek().At > Window)
        {
            _marks.Dequeue();
        }
        _marks.Enqueue((elapsed, Count));
        _lastMark = elapsed;
    }
}
