using ILGpuMobileNet.Host.Load;

namespace ILGpuMobileNet.Host.Tests.Load;

/// <summary>Percentiles, what they are worth, and schedules.</summary>
public sealed class StatisticsTests
{
    [Fact]
    public void Percentiles_are_those_of_MLPerfs_generator()
    {
        var times = Percentiles.Of([.. Enumerable.Range(1, 1000).Select(time => (double)time)]);

        Assert.Equal(new(1, 500.5, 501, 901, 951, 971, 991, 1000, 1000), times);
        Assert.Equal(new(7, 7, 7, 7, 7, 7, 7, 7, 7), Percentiles.Of([7]));
        Assert.True(double.IsNaN(Percentiles.Of([]).Mean));
    }

    [Fact]
    public void As_many_queries_as_MLPerf_asks_for_before_it_stops_early()
    {
        Assert.Equal(64, EarlyStopping.FewestQueries(0.9));
        Assert.Equal(662, EarlyStopping.FewestQueries(0.99));
    }

    [Theory]
    [InlineData(458, 0.99, -1)] // 0.99^458 is above 0.01,
    [InlineData(459, 0.99, 0)] // 0.99^459 is not
    [InlineData(661, 0.99, 0)]
    [InlineData(662, 0.99, 1)]
    [InlineData(1, 0.9, -1)]
    public void Slow_queries_are_allowed_as_the_binomial_distribution_has_it(int count, double percentile, int slow) =>
        Assert.Equal(slow, EarlyStopping.AllowedSlow(count, percentile));

    [Fact]
    public void Many_queries_come_near_the_percentile() =>
        // A hundredth of 270,336 less 2.33 standard deviations of 51.7.
        Assert.InRange(EarlyStopping.AllowedSlow(270_336, 0.99), 2575, 2590);

    [Fact]
    public void Estimate_leaves_out_what_may_be_slow()
    {
        double[] times = [.. Enumerable.Range(1, 64).Select(time => (double)time)];

        Assert.Equal(64, EarlyStopping.Estimate(times, 0.9));
        Assert.Null(EarlyStopping.Estimate(times[1..], 0.9));
        Assert.Null(EarlyStopping.Estimate([], 0.9));
        Assert.InRange(
            EarlyStopping.Estimate([.. Enumerable.Range(1, 10_000).Select(time => (double)time)], 0.9)!.Value,
            9000,
            9100
        );
    }

    [Fact]
    public void Gaps_are_exponential()
    {
        var arrivals = Arrivals(seed: 3, 20_000);
        var gaps = arrivals.Zip(arrivals.Prepend(0), (later, earlier) => later - earlier).ToList();

        var mean = gaps.Average();
        var deviation = Math.Sqrt(gaps.Average(gap => (gap - mean) * (gap - mean)));
        Assert.All(gaps, gap => Assert.True(gap >= 0));
        Assert.Equal(1 / 50.0, mean, 0.0005);
        Assert.Equal(mean, deviation, 0.001);
        Assert.Equal(Math.Exp(-2), gaps.Count(gap => gap > 2 * mean) / 20_000.0, 0.01);
    }

    [Fact]
    public void A_seed_decides_the_schedule()
    {
        Assert.Equal(Arrivals(1, 100), Arrivals(1, 100));
        Assert.NotEqual(Arrivals(1, 100), Arrivals(2, 100));
        var (together, single) = (new LoadSchedule(1, 10), new LoadSchedule(1, 10));
        var samples = together.NextSamples(200);
        Assert.Equal(samples, Enumerable.Range(0, 200).Select(_ => single.NextSamples(1)[0]));
        Assert.Equal(Enumerable.Range(0, 10), samples.Distinct().Order());
    }

    private static List<double> Arrivals(int seed, int count) =>
        [.. new LoadSchedule(seed, 1).Arrivals(50).Take(count).Select(arrival => arrival.TotalSeconds)];
}
