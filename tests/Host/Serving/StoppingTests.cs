using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Serving;

public sealed class StoppingTests
{
    [Fact]
    public async Task Stopping_lets_calls_under_way_finish_and_takes_no_more()
    {
        await using var fake = new FakeHost();
        fake.Device.IsOpen = false;
        var calls = Enumerable.Range(0, 30).Select(i => fake.RunAsync(i)).ToList();

        var stop = fake.Host.StopAsync(Patience.Limit);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => fake.RunAsync(1));
        Assert.False(stop.IsCompleted);
        fake.Device.IsOpen = true;
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (float)i), await Task.WhenAll(calls));
        await stop.WaitAsync(Patience.Limit);
        Assert.Equal(1, fake.Device.DisposedCount);
    }

    [Fact]
    public async Task Calls_that_have_not_finished_in_the_time_are_given_up()
    {
        await using var fake = new FakeHost();
        fake.Device.IsOpen = false;
        var calls = Enumerable.Range(0, 30).Select(i => fake.RunAsync(i)).ToList();

        var stop = fake.Host.StopAsync(TimeSpan.FromMilliseconds(50));

        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => call.WaitAsync(Patience.Limit));
        }
        fake.Device.IsOpen = true;
        await stop.WaitAsync(Patience.Limit);
    }

    [Fact]
    public async Task A_device_that_does_not_come_back_is_waited_for_as_long_as_was_said()
    {
        await using var fake = new FakeHost(options => options.StopPatience = TimeSpan.FromMilliseconds(50));
        fake.Device.IsOpen = false;
        var call = fake.RunAsync(1);
        await Patience.UntilAsync(() => !fake.Device.Batches.IsEmpty);

        var stop = fake.Host.StopAsync(TimeSpan.Zero);

        var fault = await Assert.ThrowsAsync<TimeoutException>(() => stop.WaitAsync(Patience.Limit));
        Assert.Contains(fake.Device.Name, fault.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => call.WaitAsync(Patience.Limit));
        fake.Device.IsOpen = true;
        await Patience.UntilAsync(() => fake.Device.DisposedCount == 1);
    }

    [Fact]
    public async Task Cancelling_the_stop_ends_the_draining()
    {
        await using var fake = new FakeHost();
        fake.Device.IsOpen = false;
        var call = fake.RunAsync(1);
        using var cancellation = new CancellationTokenSource();
        var stop = fake.Host.StopAsync(TimeSpan.FromHours(1), cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => call.WaitAsync(Patience.Limit));
        fake.Device.IsOpen = true;
        await stop.WaitAsync(Patience.Limit);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(50)]
    [InlineData(50_000)]
    public async Task A_drain_time_that_no_timer_counts_is_refused_and_the_host_goes_on(int days)
    {
        await using var fake = new FakeHost();

        var fault = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            fake.Host.StopAsync(TimeSpan.FromDays(days))
        );

        Assert.Equal("drainTime", fault.ParamName);
        Assert.Equal(1, await fake.RunAsync(1));
    }

    [Fact]
    public async Task The_longest_drain_time_is_counted()
    {
        await using var fake = new FakeHost();
        fake.Device.IsOpen = false;
        var call = fake.RunAsync(1);

        var stop = fake.Host.StopAsync(TimeSpan.FromDays(49));

        fake.Device.IsOpen = true;
        Assert.Equal(1, await call.WaitAsync(Patience.Limit));
        await stop.WaitAsync(Patience.Limit);
    }

    [Fact]
    public async Task Disposing_hurries_a_stop_that_drains()
    {
        var fake = new FakeHost();
        fake.Device.IsOpen = false;
        var call = fake.RunAsync(1);
        var stop = fake.Host.StopAsync(TimeSpan.FromHours(1));

        var disposing = fake.DisposeAsync().AsTask();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => call.WaitAsync(Patience.Limit));
        fake.Device.IsOpen = true;
        await Task.WhenAll(disposing, stop).WaitAsync(Patience.Limit);
    }

    [Fact]
    public async Task Disposing_twice_and_stopping_after_it_is_harmless_and_calls_are_refused()
    {
        var fake = new FakeHost();
        Assert.Equal(1, await fake.RunAsync(1));

        fake.Host.Dispose();
        fake.Host.Dispose();
        await fake.DisposeAsync();
        await fake.Host.StopAsync(TimeSpan.FromHours(1)).WaitAsync(Patience.Limit);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => fake.RunAsync(1));
        Assert.Equal((1, 1), (fake.Device.OpenedCount, fake.Device.DisposedCount));
        Assert.Equal(0, fake.Host.CallCount);
    }

    [Fact]
    public async Task Disposing_among_calls_ends_each_of_them()
    {
        for (var round = 0; round < 20; round++)
        {
            var fake = new FakeHost();
            var calls = Enumerable.Range(0, 50).Select(i => Task.Run(() => fake.RunAsync(i))).ToList();
            await Task.WhenAny(calls);

            await fake.DisposeAsync().AsTask().WaitAsync(Patience.Limit);

            foreach (var (i, call) in calls.Index())
            {
                await call.WaitAsync(Patience.Limit).ContinueWith(_ => { }, TaskScheduler.Default);
                Assert.True(call.IsCompletedSuccessfully || call.Exception!.InnerException is ObjectDisposedException);
                Assert.True(!call.IsCompletedSuccessfully || await call == i);
            }
        }
    }
}
