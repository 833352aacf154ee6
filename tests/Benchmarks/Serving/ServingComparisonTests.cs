using ILGpuMobileNet.Benchmarks.Serving;

namespace ILGpuMobileNet.Benchmarks.Tests.Serving;

public sealed class ServingComparisonTests
{
    private const string Network = "mobilenet_v3_small_x0_35";

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1, 2)]
    public async Task A_round_has_a_session_and_each_host_under_full_and_half_load(int threads, params int[] sessions)
    {
        await using var comparison = await ServingComparison.StartAsync(
            Network,
            4,
            threads,
            TimeSpan.FromMilliseconds(1)
        );

        var rounds = await comparison.RunAsync(TimeSpan.FromMilliseconds(100));

        Assert.Equal(sessions, comparison.SessionCounts);
        Assert.Equal(sessions.Length, rounds.Count);
        foreach (var round in rounds)
        {
            Assert.True(round.Session.Milliseconds > 0);
            Assert.Equal(ServingComparison.CallerCount, round.Full.CallerCount);
            Assert.Equal(round.Full.SamplesPerSecond / 2, round.Half.Rate);
            // Times are kept in steps of 100 ns.
            Assert.Equal(1 + 3 * round.Session.Milliseconds, round.Half.BoundMilliseconds!.Value, tolerance: 1e-3);
            Assert.True(round.ThroughputRatio > 0 && round.LatencyRatio > 0);
        }
    }

    [Fact]
    public void Sessions_of_every_batch_take_turns()
    {
        var speeds = SessionSpeed.OfBatches(Network, threads: 1, TimeSpan.FromMilliseconds(1));

        Assert.Equal([1, 2, 4, 8, 16, 32], speeds.Select(speed => speed.Batch));
        Assert.All(speeds, speed => Assert.True(speed.ImagesPerSecond > 0));
    }

    [Theory]
    [InlineData("mobilenet_v9")]
    [InlineData("mobilenet_v3_small", "soon")]
    [InlineData("mobilenet_v3_small", "-1")]
    public async Task Nonsense_is_refused(params string[] arguments)
    {
        using var output = new StringWriter();

        Assert.Equal(2, await ServingCommand.RunAsync(arguments, output));
        Assert.Empty(output.ToString());
    }
}
