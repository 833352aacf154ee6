using ILGpuMobileNet.Host.Load;

namespace ILGpuMobileNet.Host.Tests.Load;

public sealed class RateSearchTests
{
    [Theory]
    [InlineData(70)]
    [InlineData(3)]
    [InlineData(99.9)]
    public async Task Comes_within_a_64th_of_what_the_host_can_do(double limit)
    {
        var search = await RateSearch.RunAsync(100, rate => Task.FromResult(Trial(rate, rate <= limit)));

        Assert.InRange(search.Best!.Rate!.Value, limit - 100.0 / 64, limit);
        Assert.Equal(RateSearch.HalvingCount + 1, search.Trials.Count);
        Assert.Same(search.Trials[^1], search.Best);
        Assert.Equal(100, search.Capacity);
    }

    [Fact]
    public async Task Where_nothing_passes_there_is_none()
    {
        var search = await RateSearch.RunAsync(100, rate => Task.FromResult(Trial(rate, false)));

        Assert.Null(search.Best);
        Assert.Equal(RateSearch.HalvingCount, search.Trials.Count);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(5, false)]
    public async Task A_rate_that_is_not_confirmed_is_lowered(int failures, bool isFound)
    {
        var (count, passed) = (0, 0.0);
        var search = await RateSearch.RunAsync(
            64,
            rate =>
            {
                var isHalving = count++ < RateSearch.HalvingCount;
                passed = isHalving ? rate : passed;
                return Task.FromResult(Trial(rate, isHalving || count > RateSearch.HalvingCount + failures));
            }
        );

        Assert.Equal(63, passed);
        Assert.Equal(isFound, search.Best is not null);
        Assert.Equal(isFound ? 63 * 0.95 * 0.95 : null, search.Best?.Rate);
        Assert.Equal(RateSearch.HalvingCount + (isFound ? failures + 1 : failures), search.Trials.Count);
    }

    private static LoadResult Trial(double rate, bool isValid) =>
        new(
            LoadScenario.Server,
            "fake",
            [],
            QueryCount: 1,
            SamplesPerQuery: 1,
            FailedCount: 0,
            FirstFault: null,
            Seconds: 1,
            SamplesPerSecond: rate,
            Percentiles.Of([1]),
            [],
            new(true, true, isValid, true, true)
        )
        {
            Rate = rate,
        };
}
