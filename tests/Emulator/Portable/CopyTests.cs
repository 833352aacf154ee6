using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace ILGpuMobileNet.Emulator.Tests.Portable;

/// <summary>Copies, streams and devices.</summary>
public class CopyTests
{
    [Fact]
    public void Copies_parts_to_and_fro()
    {
        using var device = new Device();
        using var data = device.Accelerator.Allocate1D<int>(8);
        data.MemSetToZero();
        data.View.BaseView.SubView(2, 3).CopyFromCPU([1, 2, 3]);
        using var copy = device.Accelerator.Allocate1D<int>(8);
        copy.View.BaseView.CopyFrom(data.View.BaseView);
        copy.View.BaseView.SubView(5, 3).CopyFrom(data.View.BaseView.SubView(2, 3));
        Assert.Equal([0, 0, 1, 2, 3, 1, 2, 3], copy.GetAsArray1D());
        var part = new int[2];
        copy.View.BaseView.SubView(3, 2).CopyToCPU(part);
        Assert.Equal([2, 3], part);
    }

    [Fact]
    public void Copies_through_page_locked_memory_in_a_stream()
    {
        using var device = new Device();
        using var stream = device.Accelerator.CreateStream();
        using var host = device.Accelerator.AllocatePageLocked1D<float>(16, false);
        using var data = device.Accelerator.Allocate1D<float>(16);
        for (var i = 0; i < 16; i++)
        {
            host.Span[i] = i;
        }

        data.View.BaseView.CopyFromPageLockedAsync(stream, host);
        var kernel = device.Accelerator.LoadKernel<ArrayView<float>>(DoubleKernel);
        kernel(stream, (1, 16), data.View);
        data.View.BaseView.CopyToPageLockedAsync(stream, host);
        stream.Synchronize();
        Assert.Equal(Enumerable.Range(0, 16).Select(x => 2f * x), host.GetArray());
        host.Span.Clear();
        data.View.BaseView.SubView(4, 4).CopyFrom(stream, host.ArrayView.SubView(0, 4));
        host.ArrayView.SubView(8, 8).CopyFrom(stream, data.View.BaseView.SubView(0, 8));
        stream.Synchronize();
        Assert.Equal([0, 2, 4, 6, 0, 0, 0, 0], host.GetArray()[8..]);
    }

    [Fact]
    public void Copies_spans()
    {
        using var device = new Device();
        using var data = device.Accelerator.Allocate1D<float>(4);
        ReadOnlySpan<float> source = [1, 2, 3, 4];
        data.View.CopyFromCPU(device.Accelerator.DefaultStream, source);
        var target = new float[4];
        data.View.CopyToCPU(device.Accelerator.DefaultStream, target.AsSpan());
        device.Accelerator.Synchronize();
        Assert.Equal([1, 2, 3, 4], target);
        data.View.CopyToCPU(ref target[0], 2);
        Assert.Equal(16, data.LengthInBytes);
    }

    [Fact]
    public void Finds_only_the_devices_that_are_there()
    {
        using var context = Context.Create(builder => builder.DefaultCPU().Optimize(OptimizationLevel.O2));
        Assert.Single(context.Devices);
        Assert.Equal(0, context.GetCudaDevices().Count);
        Assert.Equal(0, context.GetCLDevices().Count);
        Assert.Equal(AcceleratorType.CPU, context.GetPreferredDevice(preferCPU: true).AcceleratorType);
    }

    [Fact]
    public void Has_the_limits_that_were_asked_for()
    {
        using var device = new Device();
        Assert.Equal(
            (32, 256, 1),
            (
                device.Accelerator.WarpSize,
                device.Accelerator.MaxNumThreadsPerGroup,
                device.Accelerator.NumMultiprocessors
            )
        );
    }

    private static void DoubleKernel(ArrayView<float> data) => data[Group.IdxX] = 2 * data[Group.IdxX];
}
