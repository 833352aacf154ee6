using ILGpuMobileNet.Host.Serving;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Reference;
using Microsoft.Extensions.Logging;

namespace ILGpuMobileNet.Host.Tests.Serving;

public sealed class HostLogTests
{
    [Fact]
    public async Task Start_and_stop_are_logged_with_assumptions_as_warnings()
    {
        using var log = new FakeLog(LogLevel.Information);

        await using (new FakeHost(null, model => Watch(model with { Assumptions = ["It is so."] }, log), [new("one")]))
        { }

        Assert.Equal([(1, LogLevel.Information), (2, LogLevel.Warning), (3, LogLevel.Information)], Kinds(log));
        Assert.StartsWith(
            "mobilenet_v2_relu runs on one, pictures prepared as for",
            Texts(log)[0],
            StringComparison.Ordinal
        );
        Assert.Equal(["mobilenet_v2_relu: It is so.", "mobilenet_v2_relu stopped"], Texts(log)[1..]);
    }

    [Fact]
    public async Task A_device_that_fails_and_returns_is_logged_and_so_is_its_batch()
    {
        using var log = new FakeLog(LogLevel.Debug);
        FakeDevice[] devices = [new("first"), new("second")];
        await using var fake = new FakeHost(null, model => Watch(model, log), devices);
        devices[0].FailNext(2); // and a probe
        devices[1].IsOpen = false;
        var calls = Enumerable.Range(0, 8).Select(i => fake.RunAsync(i)).ToList();
        await Patience.UntilAsync(() => fake.Host.Health.Status == HostStatus.Degraded);
        devices[1].IsOpen = true;
        await Task.WhenAll(calls);
        await Patience.UntilAsync(() => log.Entries.Any(entry => entry.Id == 6));

        Assert.Equal([1, 5, 7, 8, 6], log.Entries.Select(entry => entry.Id).Where(id => id != 2));
        Assert.Contains(
            log.Entries,
            entry => entry is { Id: 5, Level: LogLevel.Error } && Is(entry.Text, "first failed")
        );
    }

    [Fact]
    public async Task A_call_without_a_result_is_logged_for_those_who_debug()
    {
        using var log = new FakeLog(LogLevel.Debug);
        await using var fake = new FakeHost(null, model => Watch(model, log));
        fake.Device.FailNext(1);

        await Assert.ThrowsAsync<DeviceException>(() => fake.RunAsync(1));

        Assert.Contains(log.Entries, entry => entry is { Id: 9, Level: LogLevel.Debug } && Is(entry.Text, ": failed"));
    }

    [Fact]
    public void A_device_that_hangs_at_the_end_is_logged()
    {
        using var log = new FakeLog(LogLevel.Information);
        using var watch = Watch(FakeHost.Model, log);

        watch.Hangs("one", new TimeoutException());

        Assert.Contains("one did not come back", Texts(log).Single(), StringComparison.Ordinal);
    }

    private static HostWatch Watch(LoadedModel model, FakeLog log) => new(model, log, null);

    private static bool Is(string text, string part) => text.Contains(part, StringComparison.Ordinal);

    private static IEnumerable<(int Id, LogLevel Level)> Kinds(FakeLog log) =>
        log.Entries.Select(entry => (entry.Id, entry.Level));

    private static List<string> Texts(FakeLog log) => [.. log.Entries.Select(entry => entry.Text)];
}
