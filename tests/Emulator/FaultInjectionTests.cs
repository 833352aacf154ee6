using ILGPU;
using ILGPU.Emulation;
using ILGPU.Runtime;

namespace ILGpuMobileNet.Emulator.Tests;

/// <summary>Work that fails on purpose.</summary>
public sealed class FaultInjectionTests : IDisposable
{
    private readonly Portable.Device device = new();

    private Accelerator Accelerator => device.Accelerator;

    public void Dispose() => device.Dispose();

    [Fact]
    public void Fails_the_chosen_launch_only()
    {
        using var data = Accelerator.Allocate1D<int>(32);
        var kernel = Accelerator.LoadStreamKernel<ArrayView<int>>(IndexKernel);
        FaultInjection.Of(Accelerator).FailLaunch(2, "the device is lost");
        kernel((1, 32), data.View);
        var fault = Assert.Throws<InjectedFaultException>(() => kernel((1, 32), data.View));
        Assert.IsType<AcceleratorException>(fault, exactMatch: false);
        Assert.Equal("the device is lost", fault.Message);
        kernel((1, 32), data.View);
    }

    [Fact]
    public void Fails_the_chosen_copy_only()
    {
        using var data = Accelerator.Allocate1D<int>(32);
        FaultInjection.Of(Accelerator).FailCopy(1, "no copy");
        Assert.Throws<InjectedFaultException>(() => data.MemSetToZero());
        data.MemSetToZero();
        Assert.Equal(new int[32], data.GetAsArray1D());
    }

    [Fact]
    public void Fails_the_chosen_allocation_only()
    {
        FaultInjection.Of(Accelerator).FailAllocation(1, "no memory");
        Assert.Throws<InjectedFaultException>(() => Accelerator.Allocate1D<int>(32));
        Assert.Equal(0, EmulatedCounters.Of(Accelerator).AllocatedBytes);
        Accelerator.Allocate1D<int>(32).Dispose();
    }

    private static void IndexKernel(ArrayView<int> data) => data[Group.IdxX] = Group.IdxX;
}
