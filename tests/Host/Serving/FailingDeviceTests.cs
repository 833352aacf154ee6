using ILGpuMobileNet.Host.Serving;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Reference;
using Microsoft.Extensions.Logging;

namespace ILGpuMobileNet.Host.Tests.Serving;

public sealed class FailingDeviceTests
{
    [Fact]
    public async Task The_batch_of_a_device_that_fails_is_answered_by_another()
    {
        FakeDevice[] devices = [new("first"), new("second")];
        await using var fake = new FakeHost(options => options.ProbeInterval = TimeSpan.FromMinutes(1), devices);
        devices[0].FailNext(int.MaxValue);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => fake.RunAsync(i)));

        Assert.Equal(Enumerable.Range(0, 40).Select(i => (float)i), answers);
        await Patience.UntilAsync(() => fake.Host.Health.Status == HostStatus.Degraded || devices[0].Batches.IsEmpty);
    }

    [Fact]
    public async Task Health_names_the_device_that_failed_until_it_is_back()
    {
        FakeDevice[] devices = [new("first"), new("second")];
        await using var fake = new FakeHost(null, devices);
        Assert.Equal(HostStatus.Healthy, fake.Host.Health.Status);
        devices[0].FailNext(3); // and two probes
        devices[1].IsOpen = false;
        var calls = Enumerable.Range(0, 8).Select(i => fake.RunAsync(i)).ToList();

        await Patience.UntilAsync(() => fake.Host.Health.Status == HostStatus.Degraded);

        var fault = fake.Host.Health.Sessions.Single(session => session.Device == "first").Fault;
        Assert.Contains("broke", fault, StringComparison.Ordinal);
        devices[1].IsOpen = true;
        Assert.Equal(Enumerable.Range(0, 8).Select(i => (float)i), await Task.WhenAll(calls));
        await Patience.UntilAsync(() => fake.Host.Health.Status == HostStatus.Healthy);
        Assert.Equal(4, devices[0].OpenedCount);
        Assert.Equal(3, devices[0].DisposedCount);
    }

    [Fact]
    public async Task A_device_whose_sessions_cannot_be_closed_comes_back()
    {
        await using var fake = new FakeHost();
        fake.Device.DisposeFault = new InvalidOperationException("stuck");
        fake.Device.FailNext(2); // and a probe

        await Assert.ThrowsAsync<DeviceException>(() => fake.RunAsync(1));

        await Patience.UntilAsync(() => fake.Host.Health.Status == HostStatus.Healthy);
        Assert.Equal(2, await fake.RunAsync(2));
        Assert.Equal((3, 2), (fake.Device.OpenedCount, fake.Device.DisposedCount));
        fake.Device.DisposeFault = null;
    }

    [Fact]
    public async Task A_log_that_throws_costs_no_device()
    {
        var log = new ThrowingLog();
        await using var fake = new FakeHost(null, model => new(model, log, null));
        log.IsBroken = true;
        fake.Device.FailNext(2); // and a probe

        await Assert.ThrowsAsync<DeviceException>(() => fake.RunAsync(1));

        await Patience.UntilAsync(() => fake.Host.Health.Status == HostStatus.Healthy);
        Assert.Equal(2, await fake.RunAsync(2));
        log.IsBroken = false;
    }

    private sealed class ThrowingLog : ILoggerFactory, ILogger
    {
        public volatile bool IsBroken;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel > LogLevel.Debug;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsBroken)
            {
                throw new IOException("The disk is full.");
            }
        }

        public void Dispose() { }
    }

    [Fact]
    public async Task The_batch_of_a_session_that_fails_is_answered_by_another_of_its_device()
    {
        var device = new FakeDevice("twice");
        await using var fake = new FakeHost(options => options.ProbeInterval = TimeSpan.FromMinutes(1), device, device);
        device.FailNext(1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => fake.RunAsync(i)));

        Assert.Equal(Enumerable.Range(0, 40).Select(i => (float)i), answers);
        await Patience.UntilAsync(() => fake.Host.Health.Status == HostStatus.Degraded);
    }

    [Fact]
    public async Task A_session_that_is_back_leaves_the_batch_that_it_failed_with_to_the_other()
    {
        FakeDevice[] sessions = [new("first"), new("second")];
        var cuda = new DeviceName(DeviceKind.Cuda, 0);
        await using var fake = new FakeHost(
            options => (options.Devices, options.MaximalBatch) = ([cuda, cuda], 1),
            sessions
        );
        Array.ForEach(sessions, session => session.IsOpen = false);
        var calls = Enumerable.Range(0, 2).Select(i => fake.RunAsync(i)).ToList();
        await Patience.UntilAsync(() => Array.TrueForAll(sessions, session => session.Batches.Count == 1));
        sessions[0].FailNext(1);
        sessions[0].IsOpen = true;
        await Patience.UntilAsync(() => sessions[0].OpenedCount == 2 && fake.Host.Health.Status == HostStatus.Healthy);
        await Task.Delay(50);

        Assert.Equal(2, sessions[0].Batches.Count); // the one that failed, and the probe
        sessions[1].IsOpen = true;
        Assert.Equal(new float[] { 0, 1 }, await Task.WhenAll(calls));
        Assert.Equal(2, sessions[1].Batches.Count);
    }

    [Fact]
    public async Task A_batch_that_fails_twice_fails_its_calls()
    {
        FakeDevice[] devices = [new("first"), new("second")];
        await using var fake = new FakeHost(null, devices);
        devices[0].FailNext(1);
        devices[1].FailNext(1);

        await Assert.ThrowsAsync<DeviceException>(() => fake.RunAsync(1));

        await Patience.UntilAsync(() => fake.Host.Health.Status == HostStatus.Healthy);
        Assert.Equal(2, await fake.RunAsync(2));
    }

    [Fact]
    public async Task Without_a_device_left_calls_fail_at_once_until_one_is_back()
    {
        await using var fake = new FakeHost();
        fake.Device.IsOpen = false;
        fake.Device.FailNext(1);
        var calls = Enumerable.Range(0, 30).Select(i => fake.RunAsync(i)).ToList();

        fake.Device.IsOpen = true;

        foreach (var call in calls)
        {
            Assert.Contains(
                "broke",
                (await Assert.ThrowsAsync<DeviceException>(() => call)).Message,
                StringComparison.Ordinal
            );
        }
        await Patience.UntilAsync(() => fake.Host.Health.Status == HostStatus.Healthy);
        Assert.Equal(2, await fake.RunAsync(2));
        Assert.Single(fake.Host.Health.Sessions);
    }

    [Fact]
    public async Task A_picture_that_is_decoded_while_the_last_device_fails_does_not_wait_for_its_return()
    {
        await using var fake = new FakeHost(options => options.ProbeInterval = TimeSpan.FromHours(1));
        using var bytes = new BlockedMemory<byte>("P6 1 1 255\nabc"u8.ToArray());
        var call = fake.Host.ClassifyAsync(bytes.Values);
        await Patience.UntilAsync(() => bytes.IsRead);
        fake.Device.FailNext(1);
        await Assert.ThrowsAsync<DeviceException>(() => fake.RunAsync(1));
        await Patience.UntilAsync(() => fake.Host.Health.Status == HostStatus.Unhealthy);

        bytes.Release();

        await Assert.ThrowsAsync<DeviceException>(() => call.WaitAsync(Patience.Limit));
        await Patience.UntilAsync(() => fake.Host.CallCount == 0);
    }

    [Fact]
    public async Task A_host_whose_device_is_out_says_so_and_stops_at_once()
    {
        await using var fake = new FakeHost(options => options.ProbeInterval = TimeSpan.FromHours(1));
        fake.Device.FailNext(1);
        await Assert.ThrowsAsync<DeviceException>(() => fake.RunAsync(1));
        await Patience.UntilAsync(() => fake.Host.Health.Status == HostStatus.Unhealthy);

        await Assert.ThrowsAsync<DeviceException>(() => fake.RunAsync(2));

        await fake.Host.StopAsync(TimeSpan.Zero).WaitAsync(Patience.Limit);
        Assert.Equal(HostStatus.Stopped, fake.Host.Health.Status);
    }

    [Fact]
    public void A_device_that_cannot_be_opened_ends_the_start_and_closes_the_others()
    {
        var device = new FakeDevice("first");
        var options = new MobileNetHostOptions { Devices = [DeviceName.Cpu, DeviceName.Auto] };
        var model = new HostedModel(
            ModelSource.Load(new() { Model = "mobilenet_v2_relu", RandomSeed = 1 }),
            options,
            default
        );

        Assert.Throws<DeviceNotAvailableException>(() =>
            new MobileNetHost(
                model,
                options.Checked(),
                place => place == 0 ? device.Open(model, options) : throw new DeviceNotAvailableException(default, [])
            )
        );

        Assert.Equal((1, 1), (device.OpenedCount, device.DisposedCount));
    }
}
