using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Network.Tests.Execution;

public sealed class ItemRangesTests
{
    [Fact]
    public void A_thread_takes_its_own_items_in_order_and_then_those_of_others()
    {
        var ranges = new ItemRanges(3);
        ranges.Reset(7); // 0 1 | 2 3 | 4 5 6

        Assert.Equal([2, 3, 4, 5, 6, 0, 1], TakeAll(ranges, 1));
        Assert.False(ranges.HasItems);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(1000)]
    public void Every_item_is_taken_once_by_many_threads(int itemCount)
    {
        var ranges = new ItemRanges(4);
        ranges.Reset(itemCount);
        var taken = Enumerable.Range(0, 6).AsParallel().SelectMany(thread => TakeAll(ranges, thread)).Order();

        Assert.Equal(Enumerable.Range(0, itemCount), taken);
    }

    [Fact]
    public void Nothing_is_left_after_clearing_and_everything_after_a_reset()
    {
        var ranges = new ItemRanges(2);
        ranges.Reset(10);
        ranges.Clear();
        Assert.False(ranges.TryTake(0, out _));
        ranges.Reset(3);
        Assert.Equal(3, TakeAll(ranges, 0).Count);
    }

    private static List<int> TakeAll(ItemRanges ranges, int thread)
    {
        var items = new List<int>();
        while (ranges.TryTake(thread, out var item))
        {
            items.Add(item);
        }
        return items;
    }
}
