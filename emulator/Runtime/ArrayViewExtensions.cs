using ILGPU.Emulation;

namespace ILGPU.Runtime;

/// <summary>Copies between the host and a device, and within a device.</summary>
public static class ArrayViewExtensions
{
    public static MemoryBuffer1D<T, Stride1D.Dense> Allocate1D<T>(this Accelerator accelerator, T[] data)
        where T : unmanaged => accelerator.Allocate1D(accelerator.DefaultStream, data);

    public static MemoryBuffer1D<T, Stride1D.Dense> Allocate1D<T>(
        this Accelerator accelerator,
        AcceleratorStream stream,
        T[] data
    )
        where T : unmanaged
    {
        var buffer = accelerator.Allocate1D<T>(data.Length);
        if (data.Length > 0)
        {
            buffer.AsContiguous().CopyFromCPU(stream, data);
        }

        return buffer;
    }

    public static ArrayView1D<T, Stride1D.Dense> AsDense<T>(this ArrayView<T> view)
        where T : unmanaged => view;

    public static ArrayView1D<TOther, Stride1D.Dense> Cast<T, TOther>(this ArrayView1D<T, Stride1D.Dense> view)
        where T : unmanaged
        where TOther : unmanaged => view.BaseView.Cast<TOther>();

    public static Accelerator? GetAccelerator<TView>(this TView view)
        where TView : IArrayView => view.Buffer?.Accelerator;

    public static bool HasData<TView>(this TView view)
        where TView : IArrayView => view.IsValid && view.Length > 0;

    public static bool HasNoData<TView>(this TView view)
        where TView : IArrayView => !view.HasData();

    public static void MemSetToZero<TView>(this TView view)
        where TView : IContiguousArrayView => view.MemSet(0);

    public static void MemSetToZero<TView>(this TView view, AcceleratorStream stream)
        where TView : IContiguousArrayView => view.MemSet(stream, 0);

    public static void MemSet<TView>(this TView view, byte value)
        where TView : IContiguousArrayView => MemoryCopy.Fill(view.AsRawArrayView(), null, value);

    public static void MemSet<TView>(this TView view, AcceleratorStream stream, byte value)
        where TView : IContiguousArrayView => MemoryCopy.Fill(view.AsRawArrayView(), stream, value);

    public static void CopyTo<TView>(this TView source, in TView target)
        where TView : IContiguousArrayView =>
        MemoryCopy.Between(source.AsRawArrayView(), target.AsRawArrayView(), null);

    public static void CopyTo<TView>(this TView source, AcceleratorStream stream, in TView target)
        where TView : IContiguousArrayView =>
        MemoryCopy.Between(source.AsRawArrayView(), target.AsRawArrayView(), stream);

    public static void CopyFrom<TView>(this TView target, in TView source)
        where TView : IContiguousArrayView =>
        MemoryCopy.Between(source.AsRawArrayView(), target.AsRawArrayView(), null);

    public static void CopyFrom<TView>(this TView target, AcceleratorStream stream, in TView source)
        where TView : IContiguousArrayView =>
        MemoryCopy.Between(source.AsRawArrayView(), target.AsRawArrayView(), stream);

    public static void CopyToCPU<T>(this ArrayView<T> view, T[] data)
        where T : unmanaged => MemoryCopy.ToHost(view, null, data);

    public static void CopyToCPU<T>(this ArrayView<T> view, AcceleratorStream stream, T[] data)
        where T : unmanaged => MemoryCopy.ToHost(view, stream, data);

    public static void CopyToCPU<T>(this ArrayView<T> view, ref T cpuData, long length)
        where T : unmanaged => MemoryCopy.ToHost(view, null, MemoryCopy.Span(ref cpuData, length));

    public static void CopyToCPU<T>(this ArrayView<T> view, AcceleratorStream stream, ref T cpuData, long length)
        where T : unmanaged => MemoryCopy.ToHost(view, stream, MemoryCopy.Span(ref cpuData, length));

    public static void CopyToCPU<T>(this ArrayView<T> view, AcceleratorStream stream, in Span<T> span)
        where T : unmanaged => MemoryCopy.ToHost(view, stream, span);

    public static void CopyToCPU<T>(this ArrayView<T> view, in Span<T> span)
        where T : unmanaged => MemoryCopy.ToHost(view, null, span);

    public static void CopyFromCPU<T>(this ArrayView<T> view, T[] data)
        where T : unmanaged => MemoryCopy.FromHost(view, null, data);

    public static void CopyFromCPU<T>(this ArrayView<T> view, AcceleratorStream stream, T[] data)
        where T : unmanaged => MemoryCopy.FromHost(view, stream, data);

    public static void CopyFromCPU<T>(this ArrayView<T> view, ref T cpuData, long length)
        where T : unmanaged => MemoryCopy.FromHost(view, null, MemoryCopy.Span(ref cpuData, length));

    public static void CopyFromCPU<T>(this ArrayView<T> view, AcceleratorStream stream, ref T cpuData, long length)
        where T : unmanaged => MemoryCopy.FromHost(view, stream, MemoryCopy.Span(ref cpuData, length));

    public static void CopyFromCPU<T>(this ArrayView<T> view, AcceleratorStream stream, in ReadOnlySpan<T> span)
        where T : unmanaged => MemoryCopy.FromHost(view, stream, span);

    public static void CopyFromCPU<T>(this ArrayView<T> view, in ReadOnlySpan<T> span)
        where T : unmanaged => MemoryCopy.FromHost(view, null, span);

    public static void CopyToPageLockedAsync<T>(this ArrayView<T> source, PageLockedArray<T> pageLockedArray)
        where T : unmanaged => MemoryCopy.ToHost(source, null, pageLockedArray.Span);

    public static void CopyToPageLockedAsync<T>(
        this ArrayView<T> source,
        AcceleratorStream stream,
        PageLockedArray<T> pageLockedArray
    )
        where T : unmanaged => MemoryCopy.ToHost(source, stream, pageLockedArray.Span);

    public static void CopyFromPageLockedAsync<T>(this ArrayView<T> target, PageLockedArray<T> pageLockedArray)
        where T : unmanaged => MemoryCopy.FromHost(target, null, pageLockedArray.Span);

    public static void CopyFromPageLockedAsync<T>(
        this ArrayView<T> target,
        AcceleratorStream stream,
        PageLockedArray<T> pageLockedArray
    )
        where T : unmanaged => MemoryCopy.FromHost(target, stream, pageLockedArray.Span);

    public static T[] GetAsArray<T>(this ArrayView<T> view)
        where T : unmanaged => MemoryCopy.ToArray(view, null);

    public static T[] GetAsArray<T>(this ArrayView<T> view, AcceleratorStream stream)
        where T : unmanaged => MemoryCopy.ToArray(view, stream);
}
