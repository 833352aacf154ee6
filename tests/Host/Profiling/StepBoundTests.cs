using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host.Tests.Profiling;

/// <summary>The rule that says what a step is up against, on a machine with round figures.</summary>
public sealed class StepBoundTests
{
    private static readonly MachineBounds s_machine = new(
        "round",
        Threads: 1,
        VectorLength: 8,
        FlopsPerSecond: 100,
        [new("L2", 1_000, 50), new("L3", 8_000, 20), new("memory", 256_000, 10)]
    );

    [Theory]
    [InlineData(1_000, 100, 100, "compute", "L2", 10)] // 10 s of operations, 2 s of bytes
    [InlineData(1_000, 500, 500, "compute", "L2", 10)] // both take 10 s
    [InlineData(1_000, 1_000, 1_000, "memory", "L2", 20)]
    [InlineData(1_000, 1_001, 1_001, "memory", "L3", 50.05)]
    [InlineData(1_000, 8_001, 8_001, "memory", "memory", 800.1)]
    [InlineData(1_000, 500_000, 500_000, "memory", "memory", 50_000)] // more than was measured
    [InlineData(0, 100, 100, "memory", "L2", 2)]
    [InlineData(1_000, 8_000, 1_000, "memory", "L2", 160)] // eight parts of a batch that fit one by one
    public void Is_the_longer_of_computing_and_moving(
        long flops,
        long bytes,
        long workingSet,
        string limit,
        string level,
        double seconds
    )
    {
        var bound = StepBound.Of(s_machine, flops, bytes, workingSet, 2 * seconds);

        Assert.Equal((limit, level), (bound.Limit, bound.Level));
        Assert.Equal(seconds, bound.Seconds, 9);
        Assert.Equal(0.5, bound.Fraction, 9);
    }
}
