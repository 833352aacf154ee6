using ILGpuMobileNet.Host.Load;

namespace ILGpuMobileNet.Host.Tests.Load;

/// <summary>A host that tests control, on a clock that stands still unless it is moved.</summary>
internal sealed class FakeTarget(Func<FakeTarget, int, CancellationToken, Task> answer) : ILoadTarget
{
    private int _callCount;

    /// <summary>Answers at once, after a time that passes on the clock.</summary>
    public FakeTarget(TimeSpan serviceTime)
        : this(
            (target, _, _) =>
            {
                target.Time.Advance(serviceTime);
                return Task.CompletedTask;
            }
        ) { }

    public FakeTime Time { get; } = new();

    public int CallCount => Volatile.Read(ref _callCount);

    public string Model => "fake";

    public IReadOnlyList<string> Devices => ["nowhere"];

    public int SampleCount => 5;

    public int Window => 1;

    public ILoadTarget Unhurried
    {
        get => field ?? this;
        init;
    }

    public LoadRunner Runner => new(this, () => new LoadClock(Time, (duration, _) => Sleep(duration)));

    // Like a machine whose waits are in whole milliseconds.
    private void Sleep(TimeSpan duration) =>
        Time.Advance(TimeSpan.FromMilliseconds(Math.Ceiling(duration.TotalMilliseconds)));

    public Task AnswerAsync(int sample, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _callCount);
        return answer(this, sample, cancellationToken);
    }

    public IReadOnlyList<TimedBatch> TakeBatches() =>
        [new(Time.GetTimestamp(), 4), new(Time.GetTimestamp(), 2), new(Time.GetTimestamp(), 4)];
}

/// <summary>A clock that is moved.</summary>
internal sealed class FakeTime : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _now, time.Ticks);
}
