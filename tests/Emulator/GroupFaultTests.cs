using ILGPU;
using ILGPU.Emulation;
using ILGPU.Runtime;

namespace ILGpuMobileNet.Emulator.Tests;

/// <summary>Kernels whose threads do not keep together, and launches that no device takes.</summary>
public sealed class GroupFaultTests : IDisposable
{
    private readonly Portable.Device device = new();

    private Accelerator Accelerator => device.Accelerator;

    public void Dispose() => device.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    public void Finds_threads_that_end_before_a_barrier(int missing)
    {
        var kernel = Accelerator.LoadStreamKernel<int>(MissedKernel);
        var fault = Faults.Expect(FaultKind.MissedBarrier, () => kernel((2, 32), missing));
        Assert.True(fault.SourceLine.Line > 0);
        kernel((2, 32), 32);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Finds_threads_that_wait_at_different_places(int variant)
    {
        var kernel = Accelerator.LoadStreamKernel<int>(DivergentKernel);
        Faults.Expect(FaultKind.DivergentBarrier, () => kernel((1, 64), variant));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Finds_races_in_shared_memory(int variant)
    {
        using var output = Accelerator.Allocate1D<int>(64);
        var kernel = Accelerator.LoadStreamKernel<ArrayView<int>, int>(RaceKernel);
        Faults.Expect(FaultKind.SharedRace, () => kernel((1, 64), output.View, variant));
    }

    [Fact]
    public void Lets_threads_read_one_cell_and_write_neighbouring_bytes()
    {
        using var output = Accelerator.Allocate1D<byte>(64);
        var kernel = Accelerator.LoadStreamKernel<ArrayView<byte>>(BytesKernel);
        kernel((1, 64), output.View);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => (byte)(63 - i)), output.GetAsArray1D());
    }

    [Fact]
    public void Refuses_launches_that_a_device_refuses()
    {
        var kernel = Accelerator.LoadStreamKernel<int>(MissedKernel);
        Faults.Expect(FaultKind.LaunchConfiguration, () => kernel((0, 32), 32));
        Faults.Expect(FaultKind.LaunchConfiguration, () => kernel((1, 0), 32));
        Faults.Expect(FaultKind.LaunchConfiguration, () => kernel((1, 257), 32));
        Faults.Expect(
            FaultKind.LaunchConfiguration,
            () => kernel((new Index3D(1, 65536, 1), new Index3D(1, 1, 1)), 32)
        );
        var dynamic = SharedMemoryConfig.RequestDynamic<byte>(Accelerator.MaxSharedMemoryPerGroup + 1);
        Faults.Expect(FaultKind.LaunchConfiguration, () => kernel(new KernelConfig(1, 32, dynamic), 32));
    }

    [Fact]
    public void Refuses_kernels_that_allocate_too_much_shared_memory()
    {
        var kernel = Accelerator.LoadStreamKernel<int>(LargeKernel);
        Faults.Expect(FaultKind.LaunchConfiguration, () => kernel((1, 32), 0));
    }

    [Fact]
    public void Refuses_groups_larger_than_a_kernel_was_specialised_for()
    {
        var kernel = Accelerator.LoadStreamKernel<int>(MissedKernel, new KernelSpecialization(64, 1));
        kernel((1, 64), 64);
        Faults.Expect(FaultKind.LaunchConfiguration, () => kernel((1, 96), 96));
    }

    [Fact]
    public void Refuses_kernels_whose_types_nobody_sees()
    {
        var refusal = Assert.Throws<InternalCompilerException>(() =>
            Accelerator.LoadStreamKernel<Hidden>(HiddenKernel)
        );
        Assert.Contains("ILGPURuntime", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Goes_on_after_a_fault()
    {
        var kernel = Accelerator.LoadStreamKernel<int>(MissedKernel);
        for (var time = 0; time < 20; time++)
        {
            Faults.Expect(FaultKind.MissedBarrier, () => kernel((2, 32), time));
            kernel((2, 32), 32);
        }
    }

    private static void MissedKernel(int missing)
    {
        if (Group.IdxX == missing)
        {
            return;
        }

        Group.Barrier();
    }

    private static void DivergentKernel(int variant)
    {
        if (Group.IdxX % 2 == 0)
        {
            Group.Barrier();
        }
        else if (variant == 0)
        {
            Group.Barrier();
        }
        else if (variant == 1)
        {
            Group.BarrierOr(true);
        }
        else
        {
            Warp.Barrier();
        }
    }

    private static void RaceKernel(ArrayView<int> output, int variant)
    {
        var shared = SharedMemory.Allocate<int>(65);
        var i = Group.IdxX;
        shared[i] = i;
        if (variant == 0)
        {
            // The barrier between write and read is missing.
            output[i] = shared[Math.Max(i - 1, 0)];
        }

        Group.Barrier();
        var value = shared[63 - i];
        if (variant == 1)
        {
            // The barrier between read and write is missing.
            shared[i] = value;
        }
        else if (variant == 2)
        {
            shared[64] = i;
        }
        else if (variant == 3)
        {
            Atomic.Add(ref shared[new Index1D(64)], 1);
            output[i] = shared[64];
        }
        else if (variant == 4 && i == 5)
        {
            shared[0] = value;
        }
    }

    private static void BytesKernel(ArrayView<byte> output)
    {
        var shared = SharedMemory.Allocate<byte>(64);
        shared[Group.IdxX] = (byte)Group.IdxX;
        Group.Barrier();
        var last = shared[63];
        output[Group.IdxX] = (byte)(last - shared[Group.IdxX]);
    }

    private static void LargeKernel(int index)
    {
        var shared = SharedMemory.Allocate<float>(8192);
        var more = SharedMemory.Allocate<float>(8192);
        shared[Group.IdxX] = 1;
        more[Group.IdxX] = index;
    }

    private static void HiddenKernel(Hidden hidden) { }

    private readonly struct Hidden;
}
