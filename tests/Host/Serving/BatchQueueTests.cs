using ILGpuMobileNet.Host.Serving;

namespace ILGpuMobileNet.Host.Tests.Serving;

public sealed class BatchQueueTests
{
    private readonly LaneId[] _lanes = [new(0, 8), new(1, 8)];

    [Theory]
    [InlineData(4, 2, 1)]
    [InlineData(5, 3, 1)]
    [InlineData(1, 1, 0)]
    [InlineData(17, 8, 5)] // no more than fit
    public void Lanes_share_what_waits_where_runs_of_fewer_images_are_shorter(int waiting, int first, int second)
    {
        var queue = Queue(waiting);
        Array.ForEach(_lanes, lane => Learn(lane, fixedCost: 0.1, imageCost: 1));

        Assert.Equal(first, queue.Take(_lanes[0])!.Count);

        Assert.Equal(waiting - first, queue.ReadyCount);
        if (second > 0)
        {
            Assert.Equal(second, queue.Take(_lanes[1])!.Count);
        }
    }

    [Theory]
    [InlineData(0, 6)]
    [InlineData(1, 2)]
    public void The_faster_lane_takes_more(int lane, int taken)
    {
        var queue = Queue(8);
        Learn(_lanes[0], fixedCost: 0, imageCost: 1);
        Learn(_lanes[1], fixedCost: 0, imageCost: 3);

        Assert.Equal(taken, queue.Take(_lanes[lane])!.Count);
    }

    [Fact]
    public void One_lane_takes_all_where_a_further_run_costs_more_than_it_saves()
    {
        var queue = Queue(6);
        Learn(_lanes[0], fixedCost: 1, imageCost: 0.1);

        Assert.Equal(6, queue.Take(_lanes[0])!.Count);
    }

    [Fact]
    public void One_lane_takes_all_before_it_knows_what_runs_cost() => Assert.Equal(6, Queue(6).Take(_lanes[0])!.Count);

    [Theory]
    [InlineData(3, 2)]
    [InlineData(7, 5)]
    [InlineData(9, 8)]
    public void The_largest_preferred_size_goes_and_the_rest_stays(int waiting, int taken)
    {
        var queue = Queue(waiting, [2, 5]);
        Learn(_lanes[0], fixedCost: 0, imageCost: 1);

        Assert.Equal(taken, queue.Take(_lanes[0])!.Count);
        Assert.Equal(waiting - taken, queue.ReadyCount);
    }

    [Fact]
    public async Task Nobody_waits_for_callers_who_may_come_again_longer_than_a_run_costs()
    {
        var queue = Queue(1);
        queue.NoteAnswers(7);
        Learn(_lanes[0], fixedCost: 0.4, imageCost: 1);

        var batch = await Task.Run(() => queue.Take(_lanes[0])).WaitAsync(TimeSpan.FromSeconds(55)); // the longest delay is longer

        Assert.Equal(1, batch!.Count);
    }

    // Calls whose images are there, for two lanes and batches of at most 8.
    private BatchQueue Queue(int waiting, params int[] preferred)
    {
        var options = new MobileNetHostOptions
        {
            Devices = [DeviceName.Cpu, DeviceName.Cpu],
            MaximalBatch = 8,
            MaximalDelay = TimeSpan.FromMinutes(1),
            PreferredBatches = preferred,
        };
        var queue = new BatchQueue(options, new(FakeHost.Model, options, default));
        Array.ForEach(_lanes, queue.Join);
        for (var i = 0; i < waiting; i++)
        {
            var call = new Call<int>((_, index) => index);
            queue.Announce(call);
            queue.Commit(call);
        }
        return queue;
    }

    private static void Learn(LaneId lane, double fixedCost, double imageCost)
    {
        foreach (var batch in new[] { 1, 1, 8, 8 })
        {
            lane.Costs.Note(batch, TimeSpan.FromMilliseconds(fixedCost + batch * imageCost));
        }
    }
}
