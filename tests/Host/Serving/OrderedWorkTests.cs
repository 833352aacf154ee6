using System.Threading.Channels;
using ILGpuMobileNet.Host.Serving;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Serving;

public sealed class OrderedWorkTests
{
    [Fact]
    public async Task A_result_does_not_wait_for_items_that_are_slow_to_come()
    {
        var items = Channel.CreateUnbounded<int>();
        var results = OrderedWork
            .RunAsync(
                items.Reader.ReadAllAsync(),
                8,
                async (item, _) =>
                {
                    await Task.Yield();
                    return 2 * item;
                },
                default
            )
            .GetAsyncEnumerator();

        for (var i = 0; i < 5; i++)
        {
            Assert.True(items.Writer.TryWrite(i));
            Assert.True(await results.MoveNextAsync().AsTask().WaitAsync(Patience.Limit));
            Assert.Equal(2 * i, results.Current);
        }

        items.Writer.Complete();
        Assert.False(await results.MoveNextAsync());
        await results.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task Results_are_in_order_and_no_more_items_are_worked_on_than_the_window_holds(int window)
    {
        var (running, most) = (0, 0);

        var results = await OrderedWork
            .RunAsync(Enumerable.Range(0, 50).ToAsyncEnumerable(), window, Work, default)
            .ToListAsync();

        Assert.Equal(Enumerable.Range(0, 50), results);
        Assert.InRange(most, 1, window);

        async Task<int> Work(int item, CancellationToken stop)
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Delay(item % 7, stop);
            Interlocked.Decrement(ref running);
            return item;
        }
    }

    [Fact]
    public async Task A_fault_of_the_work_or_of_the_items_ends_it()
    {
        var work = OrderedWork.RunAsync(Enumerable.Range(0, 9).ToAsyncEnumerable(), 4, Fail, default);
        await Assert.ThrowsAsync<IOException>(async () => await work.CountAsync());

        var items = OrderedWork.RunAsync(Broken(), 4, (item, _) => Task.FromResult(item), default);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await items.CountAsync());

        static async Task<int> Fail(int item, CancellationToken stop)
        {
            await Task.Delay(1, stop);
            return item < 5 ? item : throw new IOException("5");
        }

        static async IAsyncEnumerable<int> Broken()
        {
            yield return 1;
            await Task.Yield();
            throw new InvalidDataException("2");
        }
    }
}
