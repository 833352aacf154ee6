using ILGpuMobileNet.Cli.Reports.Roofline;

namespace ILGpuMobileNet.Cli.Tests.Roofline;

public sealed class LogScaleTests
{
    [Fact]
    public void Places_decades_at_equal_distances()
    {
        var scale = new LogScale(1, 100, 10, 210);

        Assert.Equal([10, 110, 210], new[] { 1d, 10, 100 }.Select(value => Math.Round(scale.At(value), 9)));
        Assert.Equal([1d, 2, 5, 10, 20, 50, 100], scale.Ticks());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.002, 30_000)]
    [InlineData(1e9, 2e11)]
    public void Shows_every_value_and_at_least_a_decade(double low, double high)
    {
        var scale = LogScale.Around([low, high], 0, 100);

        Assert.InRange(low, scale.Low, scale.High);
        Assert.InRange(high, scale.Low, scale.High);
        Assert.True(scale.High / scale.Low >= 9.99);
        Assert.True(scale.Ticks().Count() >= 3);
    }
}
