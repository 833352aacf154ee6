using ILGpuMobileNet.Network.Architectures;

namespace ILGpuMobileNet.Network.Tests.Architectures;

public sealed class ChannelRoundingTests
{
    [Theory]
    [InlineData(16, 1.0, 16)]
    [InlineData(16, 0.35, 8)] // 5.6: never below 8
    [InlineData(24, 0.35, 8)] // 8.4
    [InlineData(32, 0.35, 16)] // 11.2: 8 would lose more than a tenth
    [InlineData(100, 0.17, 16)] // 17: 16 loses 6 %
    [InlineData(100, 0.18, 24)] // 18: 16 would lose 11 %
    [InlineData(200, 0.1, 24)] // 20: halfway goes up
    [InlineData(1280, 1.4, 1792)]
    public void Divisible_is_the_nearest_multiple_of_8_that_loses_no_more_than_a_tenth(
        int channels,
        double width,
        int expected
    ) => Assert.Equal(expected, ChannelRounding.Divisible(channels, width));

    [Fact]
    public void Divisible_holds_its_rule_for_every_width()
    {
        for (var step = 1; step <= 200; step++)
        {
            var width = step / 100.0;
            foreach (var channels in new[] { 8, 16, 24, 40, 88, 112, 184, 576, 1280 })
            {
                var rounded = ChannelRounding.Divisible(channels, width);
                Assert.Equal(0, rounded % 8);
                Assert.True(rounded >= Math.Max(8, 0.9 * channels * width), $"{channels} x {width} gave {rounded}");
                Assert.True(rounded <= Math.Max(8, channels * width + 8), $"{channels} x {width} gave {rounded}");
            }
        }
    }

    [Theory]
    [InlineData(32, 0.37, 11)]
    [InlineData(64, 0.35, 22)]
    [InlineData(64, 1.0, 64)]
    [InlineData(8, 0.01, 1)]
    public void Truncated_rounds_down_and_leaves_one_channel(int channels, double width, int expected) =>
        Assert.Equal(expected, ChannelRounding.Truncated(channels, width));

    [Theory]
    [InlineData(40, 10)]
    [InlineData(11, 2)]
    [InlineData(3, 1)]
    public void Quarter_rounds_down_and_leaves_one_channel(int channels, int expected) =>
        Assert.Equal(expected, ChannelRounding.Quarter(channels));
}
