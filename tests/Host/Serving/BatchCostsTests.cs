using ILGpuMobileNet.Host.Serving;

namespace ILGpuMobileNet.Host.Tests.Serving;

public sealed class BatchCostsTests
{
    private readonly BatchCosts _costs = new(32);

    [Fact]
    public void Before_two_batches_have_run_twice_a_run_costs_no_more_than_the_last_one_took()
    {
        Assert.Null(_costs.FixedCost);
        Note(1, 9);
        Assert.Equal(9, _costs.FixedCost?.TotalMilliseconds);
        Note(4, 8);
        Note(4, 3);
        Assert.Equal(3, _costs.FixedCost?.TotalMilliseconds);
        Assert.Null(_costs.ImageCost);

        Note(1, 1.5);

        Assert.Equal((1, 0.5), (_costs.FixedCost?.TotalMilliseconds, _costs.ImageCost?.TotalMilliseconds));
    }

    [Theory]
    [InlineData(1, 0.7, 8, 5.6, 0, 0.7)] // a core
    [InlineData(1, 0.8, 32, 3.9, 0.7, 0.1)] // a GPU
    [InlineData(2, 2, 32, 1, 2, 0)] // slower when it was smaller: all is fixed
    [InlineData(2, 1, 4, 3, 0, 1)] // dearer by the image the more there are
    public void Costs_follow_from_the_smallest_and_the_largest_batch(
        int small,
        double smallTime,
        int large,
        double largeTime,
        double fixedCost,
        double imageCost
    )
    {
        foreach (var (batch, time) in new[] { (small, smallTime), (large, largeTime), (3, 77) })
        {
            Note(batch, 100);
            Note(batch, time);
        }

        Assert.Equal(fixedCost, _costs.FixedCost!.Value.TotalMilliseconds, 1e-3);
        Assert.Equal(imageCost, _costs.ImageCost!.Value.TotalMilliseconds, 1e-3);
    }

    [Fact]
    public void A_run_that_was_held_up_counts_for_little_and_one_that_was_not_at_once()
    {
        foreach (var time in new[] { 100, 1, 9, 1 })
        {
            Note(1, time);
            Note(2, 2 * time);
            Assert.InRange(_costs.ImageCost?.TotalMilliseconds ?? 0, 0, 2.01);
        }

        Assert.Equal(1, _costs.ImageCost!.Value.TotalMilliseconds, 1e-3);
    }

    private void Note(int batch, double milliseconds) => _costs.Note(batch, TimeSpan.FromMilliseconds(milliseconds));
}
