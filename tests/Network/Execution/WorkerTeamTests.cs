using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Network.Tests.Execution;

public sealed class WorkerTeamTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 1)]
    [InlineData(4, 0)]
    [InlineData(4, 3)]
    [InlineData(3, 100)]
    public void Runs_every_item_once(int threads, int items)
    {
        using var team = new WorkerTeam(threads, 16);
        using var operation = new CountingOperation(items, TimeSpan.Zero);
        for (var run = 0; run < 200; run++)
        {
            team.Run(operation, new Operands(1));
        }
        Assert.All(operation.Counts, count => Assert.Equal(200, count));
    }

    [Fact]
    public void Wakes_threads_that_went_to_sleep_and_uses_them()
    {
        using var team = new WorkerTeam(2, 0);
        using var operation = new CountingOperation(40, TimeSpan.FromMilliseconds(2));
        var runCount = 0;
        while (runCount < 3 || (operation.ThreadCount < 2 && runCount < 100)) // a busy machine wakes threads late
        {
            Thread.Sleep(100);
            team.Run(operation, new Operands(1));
            runCount++;
        }
        Assert.All(operation.Counts, count => Assert.Equal(runCount, count));
        Assert.Equal(2, operation.ThreadCount);
    }

    [Fact]
    public void Idle_threads_sleep()
    {
        using var team = new WorkerTeam(4, 0);
        using var operation = new CountingOperation(9, TimeSpan.FromMilliseconds(1));
        team.Run(operation, new Operands(1));
        Assert.True(SpinWait.SpinUntil(() => team.SleepingCount == 3, Patience.Limit));
    }

    [Fact]
    public void Can_be_disposed_asleep_awake_and_twice()
    {
        new WorkerTeam(3, 1).Dispose();
        var team = new WorkerTeam(3, 1);
        Thread.Sleep(100);
        team.Dispose();
        team.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_fault_in_any_thread_reaches_the_caller_and_the_next_run_works(int threads)
    {
        using var team = new WorkerTeam(threads, 0);
        using var operation = new CountingOperation(20, TimeSpan.FromMilliseconds(1));
        for (var failing = 0; failing < 20; failing += 3)
        {
            using var fails = new CountingOperation(20, TimeSpan.FromMilliseconds(1)) { FailingItem = failing };
            var fault = Assert.Throws<InvalidOperationException>(() => team.Run(fails, new Operands(1)));
            Assert.Equal($"item {failing}", fault.Message);
            team.Run(operation, new Operands(1));
        }
        Assert.All(operation.Counts, count => Assert.Equal(7, count));
    }

    private sealed unsafe class CountingOperation(int items, TimeSpan duration) : SimdOperation
    {
        private readonly HashSet<int> _threads = [];

        public int[] Counts { get; } = new int[items];

        public int FailingItem { get; init; } = -1;

        public int ThreadCount => _threads.Count;

        public override int ItemCount(in Operands operands) => items;

        public override void Run(in Operands operands, int item, float* scratch)
        {
            if (item == FailingItem)
            {
                throw new InvalidOperationException($"item {item}");
            }
            Interlocked.Increment(ref Counts[item]);
            if (duration > TimeSpan.Zero)
            {
                Thread.Sleep(duration);
                lock (_threads)
                {
                    _threads.Add(Environment.CurrentManagedThreadId);
                }
            }
        }
    }
}
