using ILGPU;
using ILGPU.Emulation;
using ILGPU.Runtime;
using ILGpuMobileNet.Emulator.Tests.Portable;

namespace ILGpuMobileNet.Emulator.Tests;

/// <summary>Kernels that touch what they must not.</summary>
public sealed class AccessFaultTests : IDisposable
{
    private readonly Portable.Device device = new();

    private Accelerator Accelerator => device.Accelerator;

    public void Dispose() => device.Dispose();

    [Theory]
    [InlineData(64)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Finds_reads_out_of_range(int index)
    {
        using var data = Accelerator.Allocate1D(new float[64]);
        using var output = Accelerator.Allocate1D<float>(1);
        var kernel = Accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, int>(ReadKernel);
        var fault = Faults.Expect(FaultKind.OutOfRange, () => kernel((3, 1), data.View, output.View, index));
        Assert.Equal(nameof(ReadKernel), fault.Kernel);
        Assert.Equal(index, fault.Element);
        Assert.Equal(4L * index, fault.Address);
        Assert.EndsWith("AccessFaultTests.cs", fault.SourceLine.File, StringComparison.Ordinal);
        Assert.True(fault.SourceLine.Line > 0);
    }

    [Fact]
    public void Says_which_thread_of_which_group()
    {
        using var data = Accelerator.Allocate1D<float>(100);
        var kernel = Accelerator.LoadStreamKernel<ArrayView<float>>(WriteAllKernel);
        var fault = Faults.Expect(FaultKind.OutOfRange, () => kernel((4, 32), data.View));
        Assert.Equal(new Index3D(3, 0, 0), fault.Group);
        Assert.Equal(new Index3D(4, 0, 0), fault.Thread);
    }

    [Fact]
    public void Finds_accesses_out_of_a_sub_view_though_the_buffer_goes_on()
    {
        using var data = Accelerator.Allocate1D(new float[64]);
        var kernel = Accelerator.LoadStreamKernel<ArrayView<float>>(WriteAllKernel);
        var fault = Faults.Expect(FaultKind.OutOfRange, () => kernel((1, 32), data.View.BaseView.SubView(8, 16)));
        Assert.Equal(16, fault.Element);
        Assert.Equal((8 + 16) * 4, fault.Address);
    }

    [Fact]
    public void Finds_accesses_out_of_shared_and_local_memory()
    {
        var shared = Accelerator.LoadStreamKernel<int>(SharedRangeKernel);
        Faults.Expect(FaultKind.OutOfRange, () => shared((1, 32), 16));
        var local = Accelerator.LoadStreamKernel<int>(LocalRangeKernel);
        Faults.Expect(FaultKind.OutOfRange, () => local((1, 32), 4));
        local((1, 32), 3);
    }

    [Fact]
    public void Finds_sub_views_out_of_range()
    {
        using var data = Accelerator.Allocate1D<float>(64);
        var view = data.View.BaseView;
        Faults.Expect(FaultKind.OutOfRange, () => view.SubView(60, 5));
        Faults.Expect(FaultKind.OutOfRange, () => view.SubView(-1, 5));
        Faults.Expect(FaultKind.OutOfRange, () => view.SubView(64, 0));
        Assert.Equal(0, view.SubView(63, 0).Length);
    }

    [Fact]
    public void Finds_atomics_out_of_range()
    {
        using var data = Accelerator.Allocate1D<int>(4);
        data.MemSetToZero();
        var kernel = Accelerator.LoadStreamKernel<ArrayView<int>>(AtomicKernel);
        Faults.Expect(FaultKind.OutOfRange, () => kernel((1, 5), data.View));
    }

    [Fact]
    public void Finds_elements_at_addresses_that_are_no_multiple_of_their_size()
    {
        using var data = Accelerator.Allocate1D(new float[64]);
        using var output = Accelerator.Allocate1D<Quad>(2);
        var kernel = Accelerator.LoadStreamKernel<ArrayView<Quad>, ArrayView<Quad>>(CopyQuadsKernel);
        var odd = data.View.BaseView.SubView(2, 8).Cast<Quad>();
        var fault = Faults.Expect(FaultKind.Misaligned, () => kernel((1, 1), odd, output.View));
        Assert.Equal(8, fault.Address);
        kernel((1, 1), data.View.BaseView.SubView(4, 8).Cast<Quad>(), output.View);
    }

    [Fact]
    public void Finds_reads_of_memory_that_nobody_wrote()
    {
        using var data = Accelerator.Allocate1D<float>(64);
        using var output = Accelerator.Allocate1D<float>(1);
        var kernel = Accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, int>(ReadKernel);
        data.View.BaseView.SubView(0, 32).MemSetToZero();
        kernel((1, 1), data.View, output.View, 31);
        Faults.Expect(FaultKind.Uninitialized, () => kernel((1, 1), data.View, output.View, 32));
        data.View.BaseView.SubView(32, 1).CopyFromCPU([1f]);
        kernel((1, 1), data.View, output.View, 32);
        Faults.Expect(FaultKind.Uninitialized, () => kernel((1, 1), data.View, output.View, 33));
    }

    [Fact]
    public void Finds_reads_of_quads_of_which_a_part_was_never_written()
    {
        using var data = Accelerator.Allocate1D<float>(8);
        using var output = Accelerator.Allocate1D<Quad>(2);
        data.View.BaseView.SubView(0, 7).MemSetToZero();
        var kernel = Accelerator.LoadStreamKernel<ArrayView<Quad>, ArrayView<Quad>>(CopyQuadsKernel);
        var fault = Faults.Expect(
            FaultKind.Uninitialized,
            () => kernel((1, 2), data.View.BaseView.Cast<Quad>(), output.View)
        );
        Assert.Equal(1, fault.Element);
    }

    [Fact]
    public void Finds_reads_of_shared_and_local_memory_that_nobody_wrote()
    {
        var shared = Accelerator.LoadStreamKernel<int>(SharedUnwrittenKernel);
        shared((2, 32), 32);
        Faults.Expect(FaultKind.Uninitialized, () => shared((2, 32), 31));
        var local = Accelerator.LoadStreamKernel<int>(LocalUnwrittenKernel);
        local((1, 2), 2);
        Faults.Expect(FaultKind.Uninitialized, () => local((1, 2), 1));
    }

    [Fact]
    public void Carries_what_was_never_written_through_copies()
    {
        using var source = Accelerator.Allocate1D<float>(8);
        using var target = Accelerator.Allocate1D(new float[8]);
        using var output = Accelerator.Allocate1D<float>(1);
        source.View.BaseView.SubView(0, 4).MemSetToZero();
        target.View.BaseView.SubView(4, 4).CopyFrom(source.View.BaseView.SubView(0, 4));
        var kernel = Accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, int>(ReadKernel);
        kernel((1, 1), target.View, output.View, 7);
        using var fresh = Accelerator.Allocate1D<float>(8);
        source.View.BaseView.CopyTo(fresh.View.BaseView);
        kernel((1, 1), fresh.View, output.View, 3);
        Faults.Expect(FaultKind.Uninitialized, () => kernel((1, 1), fresh.View, output.View, 4));
    }

    [Fact]
    public void Finds_uses_of_disposed_buffers_streams_and_accelerators()
    {
        var data = Accelerator.Allocate1D(new float[4]);
        var view = data.View;
        var kernel = Accelerator.LoadStreamKernel<ArrayView<float>>(WriteAllKernel);
        data.Dispose();
        data.Dispose();
        Faults.Expect(FaultKind.Disposed, () => kernel((1, 4), view));
        Faults.Expect(FaultKind.Disposed, () => view.CopyToCPU(new float[4]));
        Faults.Expect(FaultKind.Disposed, () => view.BaseView.MemSetToZero());

        using var live = Accelerator.Allocate1D(new float[4]);
        var stream = Accelerator.CreateStream();
        stream.Dispose();
        Faults.Expect(FaultKind.Disposed, () => live.View.CopyToCPU(stream, new float[4]));
        var other = new Portable.Device();
        other.Dispose();
        Faults.Expect(FaultKind.Disposed, () => other.Accelerator.Allocate1D<float>(1));
    }

    [Fact]
    public void Finds_views_of_another_accelerator_also_within_structs()
    {
        using var other = new Portable.Device();
        using var data = other.Accelerator.Allocate1D(new float[4]);
        var kernel = Accelerator.LoadStreamKernel<ArrayView<float>>(WriteAllKernel);
        Faults.Expect(FaultKind.WrongAccelerator, () => kernel((1, 4), data.View));
        var wrapped = Accelerator.LoadStreamKernel<Wrapped>(WrappedKernel);
        Faults.Expect(FaultKind.WrongAccelerator, () => wrapped((1, 4), new Wrapped { Values = data.View }));
        Faults.Expect(FaultKind.WrongAccelerator, () => data.View.CopyToCPU(Accelerator.DefaultStream, new float[4]));
    }

    [Fact]
    public void Reports_other_exceptions_with_their_place()
    {
        var kernel = Accelerator.LoadStreamKernel<int>(DivideKernel);
        var fault = Faults.Expect(FaultKind.Exception, () => kernel((2, 4), 0));
        Assert.IsType<DivideByZeroException>(fault.InnerException);
        Assert.Equal(nameof(DivideKernel), fault.Kernel);
    }

    private static void ReadKernel(ArrayView<float> data, ArrayView<float> output, int index) =>
        output[0] = data[index];

    private static void WriteAllKernel(ArrayView<float> data) => data[Grid.GlobalIndex.X] = 1;

    private static void WrappedKernel(Wrapped wrapped)
    {
        var values = wrapped.Values;
        values[Group.IdxX] = 1;
    }

    private static void SharedRangeKernel(int index)
    {
        var shared = SharedMemory.Allocate<int>(16);
        if (Group.IsFirstThread)
        {
            shared[index] = 1;
        }
    }

    private static void LocalRangeKernel(int index)
    {
        var local = LocalMemory.Allocate<int>(4);
        local[index] = 1;
    }

    private static void AtomicKernel(ArrayView<int> data) => Atomic.Add(ref data[new Index1D(Group.IdxX)], 1);

    private static void CopyQuadsKernel(ArrayView<Quad> input, ArrayView<Quad> output) =>
        output[Group.IdxX] = input[Group.IdxX];

    private static void SharedUnwrittenKernel(int written)
    {
        var shared = SharedMemory.Allocate<int>(32);
        if (Group.IdxX < written)
        {
            shared[Group.IdxX] = 1;
        }

        Group.Barrier();
        var next = shared[(Group.IdxX + 1) % 32];
        Group.Barrier();
        shared[Group.IdxX] = next;
    }

    private static void LocalUnwrittenKernel(int written)
    {
        var local = LocalMemory.Allocate<int>(2);
        for (var i = 0; i < written; i++)
        {
            local[i] = 1;
        }

        local[0] = local[1];
    }

    private static void DivideKernel(int divisor)
    {
        if (Group.IdxX / divisor > 3)
        {
            Group.Barrier();
        }
    }

    internal struct Wrapped
    {
        public ArrayView<float> Values;
    }
}
