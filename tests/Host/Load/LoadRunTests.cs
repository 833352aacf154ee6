using System.Collections.Concurrent;
using ILGpuMobileNet.Host.Load;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Load;

public sealed class LoadRunTests
{
    private static readonly LoadOptions s_second = new()
    {
        WarmUp = TimeSpan.FromMilliseconds(100),
        MinimalDuration = TimeSpan.FromSeconds(1),
    };

    private static readonly LoadOptions s_server = s_second with { Scenario = LoadScenario.Server, Rate = 100 };

    [Fact]
    public async Task Single_stream_asks_one_after_the_other()
    {
        var target = new FakeTarget(Milliseconds(5));

        var result = await target.Runner.RunAsync(s_second, default);

        Assert.Equal((200, 200, 1), (result.QueryCount, (int)result.SamplesPerSecond, result.SamplesPerQuery));
        Assert.Equal(220, target.CallCount); // 20 of the warm-up
        Assert.Equal(new(5, 5, 5, 5, 5, 5, 5, 5, 5), result.LatencyMilliseconds);
        Assert.Equal((5.0, 200.0), (result.ConfidentMilliseconds, result.SamplesPerSecondWithoutOverhead));
        Assert.True(result.Verdict.IsValid);
        Assert.Equal<BatchCount>([new(2, 1), new(4, 2)], result.Batches);
        Assert.Equal(10.0 / 3, result.MeanBatch!.Value, 6);
        Assert.Equal(("fake", "nowhere"), (result.Model, result.Devices[0]));
    }

    [Fact]
    public async Task Multi_stream_waits_for_all_images_of_a_query()
    {
        var target = new FakeTarget(Milliseconds(1));

        var result = await target.Runner.RunAsync(s_second with { Scenario = LoadScenario.MultiStream }, default);

        Assert.Equal((8.0, 8.0), (result.LatencyMilliseconds.Min, result.LatencyMilliseconds.Max));
        Assert.Equal((8, 662), (result.SamplesPerQuery, result.QueryCount)); // too few in a second to tell 99%
        Assert.Equal(1000, result.SamplesPerSecond, 1.0);
        Assert.Equal(8, result.ConfidentMilliseconds);
        Assert.Null(result.SamplesPerSecondWithoutOverhead);
        Assert.True(result.Verdict.IsValid);
    }

    [Fact]
    public async Task Each_caller_asks_about_its_own_image()
    {
        var asked = new ConcurrentDictionary<int, int>();
        var target = new FakeTarget(
            async (target, sample, cancellationToken) =>
            {
                asked.AddOrUpdate(sample, 1, (_, count) => count + 1);
                // The clock stands still until all callers have begun, however late their threads come.
                for (var wait = 0; asked.Count < 3 && wait < 10_000; wait++)
                {
                    await Task.Delay(1, cancellationToken);
                }
                await Task.Yield();
                target.Time.Advance(Milliseconds(1));
            }
        );
        var options = s_second with { Scenario = LoadScenario.Callers, CallerCount = 3 };

        var result = await target.Runner.RunAsync(options, default);

        Assert.Equal([0, 1, 2], asked.Keys.Order());
        Assert.Equal(3, result.CallerCount);
        Assert.True(result.QueryCount >= 662);
        Assert.Null(result.Rate);
    }

    [Fact]
    public async Task Server_queries_arrive_at_the_rate_and_the_same_each_time()
    {
        var options = s_server with { MinimalDuration = TimeSpan.FromSeconds(20) };

        var result = await new FakeTarget(TimeSpan.Zero).Runner.RunAsync(options, default);
        var again = await new FakeTarget(TimeSpan.Zero).Runner.RunAsync(options, default);
        var other = await new FakeTarget(TimeSpan.Zero).Runner.RunAsync(options with { Seed = 2 }, default);

        Assert.InRange(result.SamplesPerSecond, 93, 107);
        Assert.Equal((100.0, 15.0), (result.Rate, result.BoundMilliseconds));
        Assert.Equal(result.LatenessMilliseconds, result.LatencyMilliseconds);
        Assert.InRange(result.LatencyMilliseconds.Max, 0.5, 1); // sleeps are whole milliseconds
        Assert.True(result.Verdict.IsValid);
        Assert.Equal(result.LatencyMilliseconds, again.LatencyMilliseconds);
        Assert.NotEqual(result.LatencyMilliseconds, other.LatencyMilliseconds);
    }

    [Fact]
    public async Task What_a_stall_keeps_from_being_asked_counts_from_its_arrival()
    {
        var target = new FakeTarget(
            (target, _, _) =>
            {
                // The generator's own thread is held up once.
                target.Time.Advance(target.CallCount == 300 ? TimeSpan.FromSeconds(1) : TimeSpan.Zero);
                return Task.CompletedTask;
            }
        );

        var result = await target.Runner.RunAsync(
            s_server with
            {
                MinimalDuration = TimeSpan.FromSeconds(10),
            },
            default
        );

        Assert.InRange(result.LatencyMilliseconds.P99, 800, 1000);
        Assert.InRange(result.LatenessMilliseconds!.P99, 800, 1000);
        Assert.Equal((false, false), (result.Verdict.KeepsBound, result.Verdict.IsConfident));
        Assert.False(result.Verdict.IsValid);
    }

    [Fact]
    public async Task Ever_more_waiting_queries_end_a_run()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var target = new FakeTarget((_, _, _) => release.Task);
        var options = s_server with { Rate = 1000, MinimalDuration = TimeSpan.FromMinutes(1) };

        var run = Task.Run(() => target.Runner.RunAsync(options, default));
        await Patience.UntilAsync(() => target.CallCount == ArrivalLoop.Hopeless(options));
        await Task.Delay(50); // the loop looks once more
        release.SetResult();
        var result = await run;

        Assert.Equal(1000, target.CallCount);
        Assert.True(result.FellBehind);
        Assert.Equal((false, false), (result.Verdict.KeepsBound, result.Verdict.IsLongEnough));
    }

    [Fact]
    public async Task A_run_ends_without_enough_queries_when_its_time_is_over()
    {
        var options = s_second with { MaximalDuration = TimeSpan.FromSeconds(2), MinimalQueryCount = 1000 };

        var loop = await new FakeTarget(Milliseconds(50)).Runner.RunAsync(options, default);
        var server = await new FakeTarget(TimeSpan.Zero).Runner.RunAsync(
            options with
            {
                Scenario = LoadScenario.Server,
                Rate = 10,
            },
            default
        );

        Assert.Equal(40, loop.QueryCount);
        Assert.All([loop, server], result => Assert.False(result.Verdict.HasEnoughQueries));
        Assert.All([loop, server], result => Assert.False(result.Verdict.IsConfident));
        Assert.All([loop, server], result => Assert.True(result.Verdict.IsLongEnough));
        Assert.Null(loop.ConfidentMilliseconds);
    }

    [Fact]
    public async Task Offline_answers_as_many_images_as_its_time_wants()
    {
        var options = s_second with { Scenario = LoadScenario.Offline };

        var result = await new FakeTarget(Milliseconds(1)).Runner.RunAsync(options, default);
        var most = await new FakeTarget(Milliseconds(1)).Runner.RunAsync(
            options with
            {
                MinimalQueryCount = 5000,
                MaximalDuration = TimeSpan.FromSeconds(2),
            },
            default
        );

        Assert.Equal(1100, result.QueryCount);
        Assert.Equal(1000, result.SamplesPerSecond, 1e-6);
        Assert.Equal((1.0, 1100.0), (result.LatencyMilliseconds.Min, result.LatencyMilliseconds.Max));
        Assert.True(result.Verdict.IsValid);
        Assert.Null(result.Verdict.IsConfident);
        Assert.Equal((2000, false), (most.QueryCount, most.Verdict.HasEnoughQueries));
    }

    [Fact]
    public async Task Offline_is_repeated_where_the_host_was_faster_than_before()
    {
        // Slow as long as its speed is found out, then five times as fast.
        var target = new FakeTarget(
            (target, _, _) =>
            {
                target.Time.Advance(Milliseconds(target.CallCount <= 60 ? 10 : 2));
                return Task.CompletedTask;
            }
        );

        var result = await target.Runner.RunAsync(s_second with { Scenario = LoadScenario.Offline }, default);

        Assert.True(result.Verdict.IsValid);
        Assert.InRange(result.QueryCount, 549, 551);
        Assert.Equal(60 + 110 + result.QueryCount, target.CallCount);
    }

    [Theory]
    [InlineData(LoadScenario.SingleStream)]
    [InlineData(LoadScenario.Server)]
    [InlineData(LoadScenario.Offline)]
    public async Task What_always_fails_ends_soon_and_is_told(LoadScenario scenario)
    {
        var target = new FakeTarget(
            (target, _, _) =>
            {
                target.Time.Advance(Milliseconds(1));
                throw new IOException("no luck");
            }
        );

        var result = await target.Runner.RunAsync(s_second with { Scenario = scenario, Rate = 10 }, default);

        Assert.InRange(target.CallCount, 100, 101);
        Assert.Equal((0, "no luck"), (result.QueryCount, result.FirstFault));
        Assert.True(double.IsNaN(result.LatencyMilliseconds.P50));
        Assert.False(result.Verdict.AllAnswered);
        Assert.False(result.Verdict.IsValid);
        Assert.True(result.Seconds >= 0);
    }

    [Theory]
    [InlineData(LoadScenario.SingleStream)]
    [InlineData(LoadScenario.Server)]
    public async Task What_fails_before_the_end_of_the_warm_up_took_no_measured_time(LoadScenario scenario)
    {
        var target = new FakeTarget((_, _, _) => throw new IOException("no luck"));
        var options = s_second with { Scenario = scenario, Rate = 10_000, WarmUp = TimeSpan.FromSeconds(5) };

        var result = await target.Runner.RunAsync(options, default);

        Assert.Equal((0.0, 0.0), (result.Seconds, result.SamplesPerSecond));
        Assert.False(result.Verdict.IsLongEnough);
    }

    [Theory]
    [InlineData(LoadScenario.SingleStream)]
    [InlineData(LoadScenario.Callers)]
    [InlineData(LoadScenario.Server)]
    [InlineData(LoadScenario.Offline)]
    public async Task Cancelling_ends_it(LoadScenario scenario)
    {
        using var cancellation = new CancellationTokenSource();
        var target = new FakeTarget((_, _, stop) => Task.Delay(Timeout.Infinite, stop));

        var run = Task.Run(() => target.Runner.RunAsync(s_second with { Scenario = scenario }, cancellation.Token));
        await Patience.UntilAsync(() => target.CallCount > 0);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public void Waiting_for_a_moment_can_be_ended()
    {
        using var cancellation = new CancellationTokenSource(Milliseconds(20));

        Assert.ThrowsAny<OperationCanceledException>(() =>
            new LoadClock().WaitUntil(TimeSpan.FromMinutes(5), cancellation.Token)
        );
    }

    [Fact]
    public void Waiting_for_a_moment_ends_soon_after_it()
    {
        var clock = new LoadClock();
        var least = TimeSpan.MaxValue; // a busy machine may hold most of them up

        for (var i = 1; i <= 100; i++)
        {
            var moment = clock.Elapsed + Milliseconds(1.3);
            clock.WaitUntil(moment, default);
            least = clock.Elapsed - moment < least ? clock.Elapsed - moment : least;
        }

        var most = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() ? 0.5 : 20;
        Assert.InRange(least.TotalMilliseconds, 0, most);
    }

    [Fact]
    public async Task The_highest_rate_is_found_and_confirmed()
    {
        // One server that takes a millisecond for each image: the queue is that of the textbooks.
        var target = new FakeTarget(Milliseconds(1));
        var reported = new List<LoadResult>();
        var options = s_second with { LatencyBound = Milliseconds(10), MinimalDuration = TimeSpan.FromSeconds(5) };

        var search = await target.Runner.FindRateAsync(options, new Listed(reported), default);

        Assert.Equal(1000, search.Capacity, 1.0);
        Assert.Equal(LoadScenario.Server, search.Best!.Scenario);
        Assert.InRange(search.Best.Rate!.Value, 500, 950);
        Assert.InRange(search.Trials.Count, 7, 11);
        Assert.Equal(search.Trials, reported);
    }

    [Fact]
    public async Task A_host_that_answers_nothing_has_no_highest_rate_and_the_search_says_why()
    {
        var target = new FakeTarget((_, _, _) => throw new IOException("no luck"));
        var reported = new List<LoadResult>();

        var search = await target.Runner.FindRateAsync(s_second, new Listed(reported), default);

        Assert.Equal((0.0, null), (search.Capacity, search.Best));
        Assert.Equal("no luck", Assert.Single(search.Trials).FirstFault);
        Assert.Equal(search.Trials, reported);
    }

    [Fact]
    public async Task The_highest_rate_of_a_very_slow_host_is_searched_for_too()
    {
        var target = new FakeTarget(TimeSpan.FromSeconds(200));
        var options = s_second with { LatencyBound = Milliseconds(1) };

        var search = await target.Runner.FindRateAsync(options, null, default);

        Assert.Null(search.Best);
        Assert.Equal(1.0 / 200, search.Capacity, 1e-5);
        Assert.Equal(RateSearch.HalvingCount, search.Trials.Count);
    }

    [Fact]
    public async Task What_a_host_can_do_is_measured_without_its_time_limit()
    {
        FakeTarget target = null!;
        var unhurried = new FakeTarget(
            (_, _, _) =>
            {
                target.Time.Advance(Milliseconds(1));
                return Task.CompletedTask;
            }
        );
        target = new((_, _, _) => throw new TimeoutException("late")) { Unhurried = unhurried };

        var search = await target.Runner.FindRateAsync(s_second, null, default);
        var offline = await target.Runner.RunAsync(s_second with { Scenario = LoadScenario.Offline }, default);

        Assert.True(search.Capacity > 0 && unhurried.CallCount > 0);
        Assert.Null(search.Best);
        Assert.Equal("late", offline.FirstFault);
    }

    private static TimeSpan Milliseconds(double time) => TimeSpan.FromMilliseconds(time);

    private sealed class Listed(List<LoadResult> results) : IProgress<LoadResult>
    {
        public void Report(LoadResult value) => results.Add(value);
    }
}
