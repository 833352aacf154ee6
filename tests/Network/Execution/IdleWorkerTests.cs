using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>Runs when no other test does: it reads the processor time of the whole process.</summary>
[CollectionDefinition(nameof(IdleWorkerTests), DisableParallelization = true)]
[Collection(nameof(IdleWorkerTests))]
public sealed class IdleWorkerTests
{
    [Fact]
    public void Idle_threads_take_no_processor_time()
    {
        using var team = new WorkerTeam(4, 0);
        Thread.Sleep(200);
        var before = Environment.CpuUsage.TotalTime;
        Thread.Sleep(500);
        Assert.InRange((Environment.CpuUsage.TotalTime - before).TotalMilliseconds, 0, 200);
    }
}
