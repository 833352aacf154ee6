using ILGPU;
using ILGPU.Emulation;
using ILGPU.Runtime;
using ILGpuMobileNet.Emulator.Tests.Portable;

namespace ILGpuMobileNet.Emulator.Tests;

/// <summary>Counters with answers that are known.</summary>
public sealed class CounterTests : IDisposable
{
    private readonly Portable.Device device = new();

    private Accelerator Accelerator => device.Accelerator;

    public void Dispose() => device.Dispose();

    [Theory]
    [InlineData(1, 0, 4, 1, 128, 4)] // coalesced
    [InlineData(1, 1, 5, 2, 128, 5)] // misaligned by one
    [InlineData(2, 0, 8, 2, 128, 8)] // every second
    [InlineData(32, 0, 32, 32, 128, 32)] // every lane its own line
    [InlineData(0, 3, 1, 1, 4, 1)] // all lanes the same
    public void Counts_sectors_of_reads(int stride, int first, int sectors, int lines, int used, int distinct)
    {
        var read = Count(32, 1, stride, first).GlobalReads;
        Assert.Equal(
            (1, sectors, lines, used, distinct),
            (read.RequestCount, read.SectorCount, read.LineCount, read.UsedBytes, read.DistinctSectorCount)
        );
        Assert.Equal(used / (32.0 * sectors), read.Efficiency);
    }

    [Fact]
    public void Counts_each_warp_of_each_group()
    {
        var launch = Count(64, 3, 1, 0);
        Assert.Equal(
            (6, 24, 24),
            (launch.GlobalReads.RequestCount, launch.GlobalReads.SectorCount, launch.GlobalReads.DistinctSectorCount)
        );
        Assert.Equal(
            (6, 24, 24),
            (launch.GlobalWrites.RequestCount, launch.GlobalWrites.SectorCount, launch.GlobalWrites.DistinctSectorCount)
        );
    }

    [Fact]
    public void Counts_quads()
    {
        using var input = Accelerator.Allocate1D(new Quad[32]);
        using var output = Accelerator.Allocate1D<Quad>(32);
        var kernel = Accelerator.LoadStreamKernel<ArrayView<Quad>, ArrayView<Quad>>(QuadKernel);
        var read = Launch(() => kernel((1, 32), input.View, output.View)).GlobalReads;
        Assert.Equal((1, 16, 4, 512), (read.RequestCount, read.SectorCount, read.LineCount, read.UsedBytes));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(32, 31)]
    [InlineData(33, 0)]
    [InlineData(0, 0)]
    public void Counts_bank_conflicts(int stride, int extra)
    {
        var kernel = Accelerator.LoadStreamKernel<int>(BankKernel);
        var launch = Launch(() => kernel((1, 32), stride));
        // One request clears for each row of 32, one reads.
        Assert.Equal((34, extra), (launch.SharedRequestCount, launch.BankConflictCycles));
        Assert.Equal(1, launch.BarrierCount);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 4)]
    [InlineData(8, 28)]
    public void Counts_bank_conflicts_of_quads(int stride, int extra)
    {
        var kernel = Accelerator.LoadStreamKernel<int>(QuadBankKernel);
        var launch = Launch(() => kernel((1, 32), stride));
        Assert.Equal((9, extra), (launch.SharedRequestCount, launch.BankConflictCycles));
    }

    [Fact]
    public void Keeps_requests_together_where_lanes_skip_other_accesses()
    {
        using var data = Accelerator.Allocate1D(new float[64]);
        using var output = Accelerator.Allocate1D<float>(32);
        var kernel = Accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>>(BorderKernel);
        var read = Launch(() => kernel((1, 32), data.View, output.View)).GlobalReads;
        Assert.Equal((2, 8), (read.RequestCount, read.SectorCount));
    }

    [Fact]
    public void Counts_the_same_every_time()
    {
        var first = Count(96, 5, 3, 1);
        var second = Count(96, 5, 3, 1);
        Assert.Equal(first.GlobalReads.SectorCount, second.GlobalReads.SectorCount);
        Assert.Equal(first.GlobalWrites.LineCount, second.GlobalWrites.LineCount);
        var counters = EmulatedCounters.Of(Accelerator);
        Assert.Equal(2, counters.Launches.Count);
        Assert.Equal(2 * first.GlobalReads.SectorCount, counters.Total.GlobalReads.SectorCount);
        Assert.All(counters.Launches, launch => Assert.Equal(nameof(CopyKernel), launch.KernelName));
        counters.Reset();
        Assert.Empty(counters.Launches);
        Assert.Equal(0, counters.LaunchCount);
    }

    [Fact]
    public void Lists_nothing_unless_asked()
    {
        var kernel = Accelerator.LoadStreamKernel<int>(BankKernel);
        kernel((2, 32), 1);
        var counters = EmulatedCounters.Of(Accelerator);
        Assert.Empty(counters.Launches);
        Assert.Equal((1, 2), (counters.LaunchCount, counters.Total.BarrierCount));
    }

    [Fact]
    public void Knows_what_is_allocated()
    {
        var counters = EmulatedCounters.Of(Accelerator);
        var first = Accelerator.Allocate1D<float>(100);
        var second = Accelerator.Allocate1D<byte>(3);
        Assert.Equal((403, 403, 2), (counters.AllocatedBytes, counters.PeakAllocatedBytes, counters.BufferCount));
        first.Dispose();
        first.Dispose();
        Assert.Equal((3, 403, 1), (counters.AllocatedBytes, counters.PeakAllocatedBytes, counters.BufferCount));
        second.Dispose();
        Assert.Equal((0, 0), (counters.AllocatedBytes, counters.BufferCount));
    }

    [Fact]
    public void Frees_what_is_left_with_the_accelerator()
    {
        var other = new Portable.Device();
        other.Accelerator.Allocate1D<float>(100);
        other.Dispose();
        Assert.Equal(0, EmulatedCounters.Of(other.Accelerator).AllocatedBytes);
    }

    private LaunchCounters Count(int groupSize, int groupCount, int stride, int first)
    {
        var count = groupSize * groupCount;
        using var input = Accelerator.Allocate1D(new float[count * Math.Max(stride, 1) + first + 1]);
        using var output = Accelerator.Allocate1D<float>(count);
        var kernel = Accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, int, int>(CopyKernel);
        return Launch(() => kernel((groupCount, groupSize), input.View, output.View, stride, first));
    }

    private LaunchCounters Launch(Action launch)
    {
        var counters = EmulatedCounters.Of(Accelerator);
        counters.CountTransactions = true;
        launch();
        return counters.Launches[^1];
    }

    private static void CopyKernel(ArrayView<float> input, ArrayView<float> output, int stride, int first)
    {
        var i = Grid.GlobalIndex.X;
        output[i] = input[i * stride + first];
    }

    private static void QuadKernel(ArrayView<Quad> input, ArrayView<Quad> output)
    {
        var i = Group.IdxX;
        output[i] = input[i];
    }

    private static void BankKernel(int stride)
    {
        var shared = SharedMemory.Allocate<int>(33 * 32);
        for (var row = 0; row < 33; row++)
        {
            shared[row * 32 + Group.IdxX] = 0;
        }

        Group.Barrier();
        _ = shared[Group.IdxX * stride];
    }

    private static void QuadBankKernel(int stride)
    {
        var shared = SharedMemory.Allocate<Quad>(32 * 8);
        for (var row = 0; row < 8; row++)
        {
            shared[row * 32 + Group.IdxX] = default;
        }

        Group.Barrier();
        _ = shared[Group.IdxX * stride];
    }

    private static void BorderKernel(ArrayView<float> data, ArrayView<float> output)
    {
        var i = Group.IdxX;
        var value = i > 0 ? data[i - 1] : 0f;
        value += data[i];
        output[i] = value;
    }
}
