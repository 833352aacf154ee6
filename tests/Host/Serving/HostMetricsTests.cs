using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ILGpuMobileNet.Host.Serving;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Serving;

public sealed class HostMetricsTests : IMeterFactory
{
    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> _measured = new();
    private readonly MeterListener _listener = new();
    private readonly List<Meter> _meters = [];

    public HostMetricsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == this)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Note(i, value, tags));
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Note(i, value, tags));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Note(i, value, tags));
    }

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        _meters.Add(new(options));
        return _meters[^1];
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }

    [Fact]
    public async Task A_call_is_measured_with_its_outcome()
    {
        await using var fake = Start(options => (options.QueueCapacity, options.WhenFull) = (1, WhenFull.Reject));
        _listener.Start();
        await fake.RunAsync(1);
        fake.Device.IsOpen = false;
        using var cancellation = new CancellationTokenSource();
        var cancelled = fake.RunAsync(1, null, cancellation.Token);
        await Assert.ThrowsAsync<QueueFullException>(() => fake.RunAsync(2));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await Assert.ThrowsAsync<TimeoutException>(() => fake.RunAsync(2, TimeSpan.FromMilliseconds(5)));
        fake.Device.FailNext(1);
        fake.Device.IsOpen = true;
        await Patience.UntilAsync(() => fake.Host.Health.Status == HostStatus.Healthy && fake.Device.OpenedCount > 1);
        fake.Device.FailNext(1);
        await Assert.ThrowsAsync<DeviceException>(() => fake.RunAsync(3));

        Assert.Equal(
            [
                "mobilenet.outcome=answered",
                "mobilenet.outcome=rejected error.type=ILGpuMobileNet.Host.Serving.QueueFullException",
                "mobilenet.outcome=cancelled error.type=System.OperationCanceledException",
                "mobilenet.outcome=timed_out error.type=System.TimeoutException",
                "mobilenet.outcome=failed error.type=ILGpuMobileNet.Network.Execution.DeviceException",
            ],
            Of("mobilenet.host.call.duration").Select(m => m.Tags)
        );
        Assert.Equal(2, Of("mobilenet.host.device.failures").Sum(m => m.Value));
    }

    [Fact]
    public async Task Batches_are_measured_by_device()
    {
        await using var fake = Start();
        _listener.Start();
        fake.Device.IsOpen = false;
        var first = fake.RunAsync(0);
        await Patience.UntilAsync(() => !fake.Device.Batches.IsEmpty);
        var others = Enumerable.Range(1, 5).Select(i => fake.RunAsync(i)).ToList();

        _listener.RecordObservableInstruments();
        fake.Device.IsOpen = true;
        await Task.WhenAll(others.Append(first));

        Assert.Equal([(6, "")], Of("mobilenet.host.active_calls"));
        Assert.Equal([(5, "")], Of("mobilenet.host.ready_images"));
        string[] states = ["mobilenet.device=fake mobilenet.device.state=", "ok", "failed"];
        Assert.Equal([(1, states[0] + states[1]), (0, states[0] + states[2])], Of("mobilenet.host.device.sessions"));
        Assert.Equal([1, 4, 1], Of("mobilenet.host.batch.size").Select(m => (int)m.Value));
        Assert.All(Of("mobilenet.host.batch.size"), m => Assert.Equal("mobilenet.device=fake", m.Tags));
        Assert.Equal(3, Of("mobilenet.host.device.busy_time").Count(m => m.Value > 0));
    }

    [Fact]
    public async Task Hosts_of_one_model_are_told_apart_by_their_names()
    {
        await using var one = new FakeHost(null, model => new(model, null, this, "one"));
        await using var other = new FakeHost(null, model => new(model, null, this, "other"));
        _listener.Start();

        await one.RunAsync(1);
        one.Device.FailNext(1);
        await Assert.ThrowsAsync<DeviceException>(() => one.RunAsync(2));
        _listener.RecordObservableInstruments();

        string[] observed = ["active_calls", "ready_images", "device.sessions"];
        Assert.All(
            observed,
            name =>
            {
                var of = _measured.Where(m => m.Name == $"mobilenet.host.{name}").ToList();
                Assert.Equal(of.Count / 2, of.Count(m => HostOf(m.Tags) == "one"));
                Assert.Equal(of.Count / 2, of.Count(m => HostOf(m.Tags) == "other"));
            }
        );
        string[] counted = ["call.duration", "batch.size", "device.busy_time", "device.failures"];
        Assert.All(counted, name => Assert.All(Of($"mobilenet.host.{name}"), m => Assert.Equal("one", HostOf(m.Tags))));
        Assert.All(counted, name => Assert.NotEmpty(Of($"mobilenet.host.{name}")));
    }

    [Fact]
    public async Task A_host_that_has_stopped_reports_nothing()
    {
        var fake = Start();
        _listener.Start();
        await fake.DisposeAsync();

        _listener.RecordObservableInstruments();

        Assert.Empty(_measured);
    }

    [Fact]
    public async Task Nothing_is_watched_or_allocated_where_nobody_listens()
    {
        using var watch = new HostWatch(FakeHost.Model, null, this);
        await using var fake = new FakeHost(null, _ => watch);
        var batch = new CallBatch(null!, [fake.Host.Output], 1);
        watch.BatchBegins("fake", batch).Dispose();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            using var run = watch.BatchBegins("fake", batch);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private FakeHost Start(Action<MobileNetHostOptions>? configure = null) =>
        new(configure, model => new(model, null, this));

    private static string? HostOf(string tags) =>
        tags.Split(' ')
            .SingleOrDefault(tag => tag.StartsWith("mobilenet.host=", StringComparison.Ordinal))
            ?.Split('=')[1];

    private IEnumerable<(double Value, string Tags)> Of(string name) =>
        _measured.Where(m => m.Name == name).Select(m => (m.Value, m.Tags));

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Assert.Equal(new("mobilenet.model", "mobilenet_v2_relu"), tags[0]);
        List<string> rest = [];
        foreach (var (key, tag) in tags[1..])
        {
            rest.Add($"{key}={tag}");
        }
        _measured.Enqueue((instrument.Name, value, string.Join(' ', rest)));
    }
}
