using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>A host's instruments. Without a listener they cost a check each, and nothing is allocated.</summary>
internal sealed class HostMetrics : IDisposable
{
    /// <summary>The instrument that tells the size of every batch.</summary>
    public const string BatchSize = "mobilenet.host.batch.size";

    private static readonly InstrumentAdvice<double> _seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private static readonly InstrumentAdvice<int> _sizes = new()
    {
        HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256],
    };

    // Both are always reported: a series that vanishes would keep its last value.
    private static readonly bool[] _states = [false, true];

    private readonly Meter _meter;
    private readonly bool _isOwn; // a factory's meters end with the factory
    private readonly TagList _common; // of every measurement
    private readonly Histogram<double> _callDuration;
    private readonly Histogram<int> _batchSize;
    private readonly Counter<double> _busyTime;
    private readonly Counter<long> _failures;
    private volatile BatchingEngine? _engine; // what is observed, from the start to the end

    /// <summary>Makes the instruments.</summary>
    /// <param name="factory">Makes the meter; null for one of the host's own.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="host">Name of the host; null for none.</param>
    public HostMetrics(IMeterFactory? factory, string model, string? host)
    {
        var options = new MeterOptions(HostWatch.Name) { Version = HostWatch.Version };
        (_meter, _isOwn) = (factory?.Create(options) ?? new Meter(options), factory is null);
        _common = [new("mobilenet.model", model)];
        if (host is not null)
        {
            _common.Add("mobilenet.host", host);
        }
        _callDuration = _meter.CreateHistogram(
            "mobilenet.host.call.duration",
            "s",
            "Time from a call to its end.",
            null,
            _seconds
        );
        _batchSize = _meter.CreateHistogram(
            BatchSize,
            "{image}",
            "Images that went through a device together.",
            null,
            _sizes
        );
        _busyTime = _meter.CreateCounter<double>(
            "mobilenet.host.device.busy_time",
            "s",
            "Time for which the sessions of a device ran."
        );
        _failures = _meter.CreateCounter<long>(
            "mobilenet.host.device.failures",
            "{failure}",
            "Batches that a device failed with."
        );
        CreateObservers();
    }

    /// <summary>Whether somebody wants to know about calls.</summary>
    public bool SeesCalls => _callDuration.Enabled;

    /// <summary>Begins to observe an engine.</summary>
    /// <param name="engine">The engine.</param>
    public void Observe(BatchingEngine engine) => _engine = engine;

    /// <summary>Notes that a call has ended.</summary>
    /// <param name="seconds">After how long.</param>
    /// <param name="fault">What its caller got; null for a result.</param>
    public void CallEnded(double seconds, Exception? fault)
    {
        var tags = With(new KeyValuePair<string, object?>("mobilenet.outcome", CallOutcome.Of(fault)));
        if (fault is not null)
        {
            tags.Add("error.type", fault.GetType().FullName);
        }
        _callDuration.Record(seconds, tags);
    }

    /// <summary>Notes that a batch has run or failed.</summary>
    /// <param name="device">Where.</param>
    /// <param name="count">Images in it.</param>
    /// <param name="seconds">For how long it ran.</param>
    public void BatchEnded(string device, int count, double seconds)
    {
        var tags = With(PlaceOf(device));
        _batchSize.Record(count, tags);
        _busyTime.Add(seconds, tags);
    }

    /// <summary>Notes that a device failed with a batch.</summary>
    /// <param name="device">The device.</param>
    public void DeviceFailed(string device) => _failures.Add(1, With(PlaceOf(device)));

    /// <inheritdoc/>
    public void Dispose()
    {
        _engine = null;
        if (_isOwn)
        {
            _meter.Dispose();
        }
    }

    private void CreateObservers()
    {
        _meter.CreateObservableUpDownCounter(
            "mobilenet.host.active_calls",
            () => Observed(engine => [new Measurement<int>(engine.CallCount, _common)]),
            "{call}",
            "Calls under way: waiting, being decoded, or running."
        );
        _meter.CreateObservableUpDownCounter(
            "mobilenet.host.ready_images",
            () => Observed(engine => [new Measurement<int>(engine.ReadyCount, _common)]),
            "{image}",
            "Images that are prepared and wait for a device."
        );
        _meter.CreateObservableUpDownCounter(
            "mobilenet.host.device.sessions",
            () => Observed(engine => SessionsOf(engine.Health)),
            "{session}",
            "Sessions on a device that are in order, and those that are not."
        );
    }

    private IEnumerable<Measurement<int>> Observed(Func<BatchingEngine, IEnumerable<Measurement<int>>> measure) =>
        _engine is { } engine ? measure(engine) : [];

    private IEnumerable<Measurement<int>> SessionsOf(HostHealth health) =>
        from sessions in health.Sessions.GroupBy(session => session.Device)
        from isFailed in _states
        select new Measurement<int>(
            sessions.Count(session => session.Fault is not null == isFailed),
            With(PlaceOf(sessions.Key), new("mobilenet.device.state", isFailed ? "failed" : "ok"))
        );

    private static KeyValuePair<string, object?> PlaceOf(string device) => new("mobilenet.device", device);

    private TagList With(params ReadOnlySpan<KeyValuePair<string, object?>> more)
    {
        var tags = _common; // a copy
        foreach (var tag in more)
        {
            tags.Add(tag);
        }
        return tags;
    }
}
