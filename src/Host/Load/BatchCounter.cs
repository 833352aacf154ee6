using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using ILGpuMobileNet.Host.Serving;

namespace ILGpuMobileNet.Host.Load;

/// <summary>Notes the batches of a host that gets its meter from here; other hosts are not seen.</summary>
internal sealed class BatchCounter : IMeterFactory
{
    private readonly MeterListener _listener = new();
    private ConcurrentQueue<TimedBatch> _batches = new();
    private Meter? _meter;

    /// <summary>Begins to listen.</summary>
    public BatchCounter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == _meter && instrument.Name == HostMetrics.BatchSize)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, size, _, _) => Note(size));
        _listener.Start();
    }

    /// <inheritdoc/>
    public Meter Create(MeterOptions options) => _meter = new(options);

    /// <summary>The batches since this was last asked.</summary>
    public IReadOnlyList<TimedBatch> Take() => [.. Interlocked.Exchange(ref _batches, new())];

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        _meter?.Dispose();
    }

    private void Note(int size) => Volatile.Read(ref _batches).Enqueue(new(Stopwatch.GetTimestamp(), size));
}
