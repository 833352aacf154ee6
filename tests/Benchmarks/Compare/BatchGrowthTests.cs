using ILGpuMobileNet.Benchmarks.Compare;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Benchmarks.Tests.Compare;

public sealed class BatchGrowthTests
{
    [Fact]
    public void Has_a_ratio_for_each_turn()
    {
        using var growth = new BatchGrowth(new("mobilenet_v3_small_x0_35", new(), Batch: 16, Threads: 2));
        var result = growth.Run(turns: 3);
        Assert.Equal(3, result.Ratios.Count);
        Assert.All(
            [result.SmallMilliseconds, result.LargeMilliseconds, .. result.Ratios],
            value => Assert.True(value > 0)
        );
    }

    [Fact]
    public void The_median_does_not_follow_outliers() => Assert.Equal(3, Trial.Median([100, 3, 1]));
}
