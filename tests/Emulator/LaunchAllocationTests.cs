using ILGPU;
using ILGPU.Runtime;

namespace ILGpuMobileNet.Emulator.Tests;

/// <summary>Launches take nothing of the host's memory once it is there.</summary>
public sealed class LaunchAllocationTests : IDisposable
{
    private readonly Portable.Device device = new();

    private Accelerator Accelerator => device.Accelerator;

    public void Dispose() => device.Dispose();

    [Fact]
    public void Kernels_with_different_shared_memory_in_turn_allocate_nothing()
    {
        using var data = Accelerator.Allocate1D<int>(32);
        var one = Accelerator.LoadKernel<ArrayView<int>>(OneBlockKernel);
        var two = Accelerator.LoadKernel<ArrayView<int>>(TwoBlocksKernel);
        var before = 0L;
        for (var launch = 0; launch <= 100; launch++)
        {
            one(Accelerator.DefaultStream, (2, 32), data.View);
            two(Accelerator.DefaultStream, (2, 32), data.View);
            before = launch == 0 ? GC.GetAllocatedBytesForCurrentThread() : before;
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(Enumerable.Range(0, 32), data.GetAsArray1D());
    }

    private static void OneBlockKernel(ArrayView<int> data)
    {
        var shared = SharedMemory.Allocate<int>(32);
        var value = Reverse(shared, Group.IdxX);
        data[Group.IdxX] = value;
    }

    private static void TwoBlocksKernel(ArrayView<int> data)
    {
        var first = SharedMemory.Allocate<int>(64);
        var second = SharedMemory.Allocate<int>(32);
        var value = Reverse(first, Group.IdxX);
        value = Reverse(second, value);
        data[Group.IdxX] = value;
    }

    private static int Reverse(ArrayView<int> shared, int value)
    {
        shared[Group.IdxX] = value;
        Group.Barrier();
        return shared[31 - Group.IdxX];
    }
}
