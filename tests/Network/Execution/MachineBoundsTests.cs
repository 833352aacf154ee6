using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Network.Tests.Execution;

public sealed class MachineBoundsTests
{
    [Theory]
    [InlineData(SimdWidth.Vector128, 1)]
    [InlineData(SimdWidth.Vector256, 1)]
    [InlineData(SimdWidth.Vector512, 3)]
    public void Measures_the_peak_and_every_level_on_every_width(SimdWidth width, int threads)
    {
        var bounds = MachineBounds.Measure(threads, width);

        Assert.NotEmpty(bounds.Processor);
        Assert.Equal((threads, (int)width), (bounds.Threads, bounds.VectorLength));
        Assert.True(double.IsFinite(bounds.FlopsPerSecond) && bounds.FlopsPerSecond > 0);
        Assert.Equal(["L2", "L3", "memory"], bounds.Memory.Select(level => level.Name));
        Assert.Equal(bounds.Memory.OrderBy(level => level.WorkingSetBytes), bounds.Memory);
        Assert.All(
            bounds.Memory,
            level => Assert.True(double.IsFinite(level.BytesPerSecond) && level.BytesPerSecond > 0)
        );
    }

    [Fact]
    public void Refuses_fewer_than_no_threads() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MachineBounds.Measure(-1));

    [Fact]
    public void Finds_the_smallest_level_that_holds_a_working_set()
    {
        var bounds = new MachineBounds("", 1, 8, 1, [new("L2", 10, 1), new("L3", 20, 1), new("memory", 30, 1)]);

        Assert.Equal(
            ["L2", "L2", "L3", "memory", "memory"],
            new long[] { 1, 10, 11, 21, 31 }.Select(bytes => bounds.LevelOf(bytes).Name)
        );
    }
}
