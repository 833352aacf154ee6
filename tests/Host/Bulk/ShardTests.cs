using ILGpuMobileNet.Host.Bulk;

namespace ILGpuMobileNet.Host.Tests.Bulk;

public sealed class ShardTests
{
    [Theory]
    [InlineData("0/1", 0, 1)]
    [InlineData("3/16", 3, 16)]
    public void Reads_what_it_writes(string text, int index, int count)
    {
        var shard = Shard.Parse(text);

        Assert.Equal(new Shard(index, count), shard);
        Assert.Equal((index, count, text), (shard.Index, shard.Count, shard.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("1/2/3")]
    [InlineData("4/4")]
    [InlineData("-1/4")]
    [InlineData("0/0")]
    [InlineData("0/1000001")]
    [InlineData("a/b")]
    public void Refuses_what_is_no_part(string text) => Assert.ThrowsAny<ArgumentException>(() => Shard.Parse(text));

    [Fact]
    public void Refuses_parts_that_are_not_there() => Assert.Throws<ArgumentOutOfRangeException>(() => new Shard(2, 2));

    [Fact]
    public void Every_path_belongs_to_one_part_and_parts_are_alike_in_size()
    {
        const int count = 7;
        var sizes = new int[count];
        for (var i = 0; i < 7000; i++)
        {
            var path = $"images/{i}.png";
            var owner = Assert.Single(Enumerable.Range(0, count), index => new Shard(index, count).Contains(path));
            sizes[owner]++;
        }

        Assert.All(sizes, size => Assert.InRange(size, 850, 1150));
    }

    [Fact]
    public void What_belongs_where_is_the_same_everywhere()
    {
        var members = Enumerable.Range(0, 12).Where(i => new Shard(1, 3).Contains($"images/{i}.png"));

        Assert.Equal([0, 3, 7, 8, 9, 11], members);
        Assert.True(Shard.Whole.Contains("images/0.png"));
    }
}
