using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Host.Tests;

public sealed class ChannelLayoutTests
{
    private static readonly FeatureShape Shape = new(Height: 2, Width: 3, Channels: 4);

    [Fact]
    public void Moves_every_element_to_its_place_in_every_image()
    {
        var source = Enumerable.Range(0, 2 * 24).Select(value => (float)value).ToArray(); // [N, C, H, W]
        var moved = new float[source.Length];

        ChannelLayout.ToChannelsLast(source, Shape, moved);

        for (var index = 0; index < source.Length; index++)
        {
            var (n, c, pixel) = (index / 24, index / 6 % 4, index % 6);
            Assert.Equal(index, moved[n * 24 + pixel * 4 + c]);
        }
    }

    [Fact]
    public void There_and_back_changes_nothing()
    {
        var source = Enumerable.Range(0, 3 * 24).Select(value => (float)value).ToArray();
        var (moved, back) = (new float[source.Length], new float[source.Length]);

        ChannelLayout.ToChannelsLast(source, Shape, moved);
        ChannelLayout.ToChannelsFirst(moved, Shape, back);

        Assert.NotEqual(source, moved);
        Assert.Equal(source, back);
    }

    [Theory]
    [InlineData(24, 48)]
    [InlineData(25, 25)]
    public void Refuses_lengths_that_do_not_fit(int source, int destination) =>
        Assert.Throws<ArgumentException>(() =>
            ChannelLayout.ToChannelsLast(new float[source], Shape, new float[destination])
        );
}
