using ILGpuMobileNet.Host.Load;
using ILGpuMobileNet.Host.Serving;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Load;

public sealed class LoadGeneratorTests : IDisposable
{
    private static readonly LoadOptions s_short = new()
    {
        WarmUp = TimeSpan.FromMilliseconds(20),
        MinimalDuration = TimeSpan.FromMilliseconds(100),
        MinimalQueryCount = 5,
        SamplesPerQuery = 3,
        CallerCount = 7,
        Rate = 200,
        LatencyBound = TimeSpan.FromMinutes(1),
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_scenario_runs_on_a_host()
    {
        await using var generator = await LoadGenerator.StartAsync(Host(), LoadSamples.Arrays(9));
        Assert.Equal(("mobilenet_v2_relu", "cpu"), (generator.Model, Assert.Single(generator.Devices)));
        Assert.Empty(generator.Assumptions);

        foreach (var scenario in Enum.GetValues<LoadScenario>())
        {
            var result = await generator.RunAsync(s_short with { Scenario = scenario });

            Assert.Equal((scenario, 0, null), (result.Scenario, result.FailedCount, result.FirstFault));
            Assert.True(result.QueryCount >= 5 && result.SamplesPerSecond > 0 && result.Seconds > 0);
            Assert.True(result.LatencyMilliseconds.Min > 0);
            Assert.True(result.Verdict.HasEnoughQueries);
            Assert.All(result.Batches, batch => Assert.InRange(batch.Size, 1, 4));
            Assert.InRange(result.MeanBatch!.Value, 1, 4);
        }
    }

    [Fact]
    public async Task The_highest_rate_of_a_host_is_found()
    {
        await using var generator = await LoadGenerator.StartAsync(Host(), LoadSamples.Arrays(2));
        // No host keeps such a bound.
        var search = await generator.FindRateAsync(s_short with { LatencyBound = TimeSpan.FromMicroseconds(1) });

        Assert.Null(search.Best);
        Assert.True(search.Capacity > 0);
        Assert.Equal(6, search.Trials.Count);
    }

    [Fact]
    public async Task Pictures_are_decoded_and_classified()
    {
        List<string> files = [.. Enumerable.Range(0, 3).Select(i => _folder.WriteImage($"{i}.ppm", i))];
        await using var generator = await LoadGenerator.StartAsync(Host(), LoadSamples.Pictures(files));

        var result = await generator.RunAsync(s_short with { Scenario = LoadScenario.Callers });

        Assert.Equal((7, 0), (result.CallerCount, result.FailedCount));
        Assert.True(result.QueryCount >= 5);
    }

    [Fact]
    public async Task A_bad_picture_is_refused_before_anything_is_measured()
    {
        List<string> files = [_folder.WriteImage("good.ppm", 1), _folder.Write("bad.png", "no picture")];

        var fault = await Assert.ThrowsAsync<ImageFormatException>(() =>
            LoadGenerator.StartAsync(Host(), LoadSamples.Pictures(files))
        );

        Assert.Contains("bad.png", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_need_a_classifier()
    {
        var samples = LoadSamples.Pictures([_folder.WriteImage("good.ppm", 1)]);

        var fault = await Assert.ThrowsAsync<ArgumentException>(() =>
            LoadGenerator.StartAsync(Host("mobilenet_v1_enhance"), samples)
        );

        Assert.Contains("feature map", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_limits_of_a_host_do_not_keep_it_from_starting_and_count_as_failures()
    {
        var host = Host();
        (host.TimeLimit, host.QueueCapacity, host.WhenFull) = (TimeSpan.FromTicks(1), 1, WhenFull.Reject);
        await using var generator = await LoadGenerator.StartAsync(host, LoadSamples.Arrays(20));

        var late = await generator.RunAsync(s_short);
        var search = await generator.FindRateAsync(s_short);

        Assert.Contains("not answered within", late.FirstFault, StringComparison.Ordinal);
        Assert.False(late.Verdict.AllAnswered);
        Assert.True(search.Capacity > 0);
    }

    [Fact]
    public async Task What_a_full_host_rejects_counts_as_failed()
    {
        var host = Host();
        (host.QueueCapacity, host.WhenFull) = (1, WhenFull.Reject);
        await using var generator = await LoadGenerator.StartAsync(host, LoadSamples.Arrays(2));

        var one = await generator.RunAsync(s_short);
        var several = await generator.RunAsync(s_short with { Scenario = LoadScenario.Callers });

        Assert.Equal(0, one.FailedCount);
        Assert.True(several.FailedCount > 0);
        Assert.Contains("1 calls are under way", several.FirstFault, StringComparison.Ordinal);
    }

    [Fact]
    public void There_is_something_to_ask_about()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LoadSamples.Arrays(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LoadSamples.Pictures([]));
    }

    public static TheoryData<LoadOptions> OutOfRange =>
        [
            s_short with
            {
                SamplesPerQuery = 0,
            },
            s_short with
            {
                CallerCount = 0,
            },
            s_short with
            {
                CallerCount = 1 << 20,
            },
            s_short with
            {
                Rate = 0,
            },
            s_short with
            {
                Rate = double.NaN,
            },
            s_short with
            {
                Rate = 1e9,
            },
            s_short with
            {
                LatencyBound = TimeSpan.Zero,
            },
            s_short with
            {
                WarmUp = TimeSpan.FromSeconds(-1),
            },
            s_short with
            {
                MinimalDuration = TimeSpan.Zero,
            },
            s_short with
            {
                MinimalDuration = TimeSpan.FromMinutes(2),
            }, // more than the maximal one
            s_short with
            {
                MaximalDuration = TimeSpan.FromDays(1),
            },
            s_short with
            {
                MinimalQueryCount = 0,
            },
        ];

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public async Task What_no_run_can_be_is_refused(LoadOptions options) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() =>
            new FakeTarget(TimeSpan.FromMilliseconds(1)).Runner.RunAsync(options, default)
        );

    private static MobileNetHostOptions Host(string model = "mobilenet_v2_relu") =>
        new()
        {
            Model = new() { Model = model, RandomSeed = 1 },
            Devices = [DeviceName.Cpu],
            ThreadCount = 1,
            MaximalBatch = 4,
        };
}
