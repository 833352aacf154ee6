using ILGPU.Emulation;

namespace ILGPU.Runtime;

/// <summary>Copies between the host and one-dimensional views and buffers.</summary>
public static class ArrayView1DExtensions
{
    public static void CopyToCPU<T>(this ArrayView1D<T, Stride1D.Dense> view, T[] data)
        where T : unmanaged => MemoryCopy.ToHost(view.BaseView, null, data);

    public static void CopyToCPU<T>(this ArrayView1D<T, Stride1D.Dense> view, AcceleratorStream stream, T[] data)
        where T : unmanaged => MemoryCopy.ToHost(view.BaseView, stream, data);

    public static void CopyFromCPU<T>(this ArrayView1D<T, Stride1D.Dense> view, T[] data)
        where T : unmanaged => MemoryCopy.FromHost(view.BaseView, null, data);

    public static void CopyFromCPU<T>(this ArrayView1D<T, Stride1D.Dense> view, AcceleratorStream stream, T[] data)
        where T : unmanaged => MemoryCopy.FromHost(view.BaseView, stream, data);

    public static T[] GetAsArray1D<T>(this ArrayView1D<T, Stride1D.Dense> view)
        where T : unmanaged => MemoryCopy.ToArray(view.BaseView, null);

    public static T[] GetAsArray1D<T>(this ArrayView1D<T, Stride1D.Dense> view, AcceleratorStream stream)
        where T : unmanaged => MemoryCopy.ToArray(view.BaseView, stream);

    public static void CopyToCPU<T>(this MemoryBuffer<ArrayView1D<T, Stride1D.Dense>> buffer, T[] data)
        where T : unmanaged => MemoryCopy.ToHost(buffer.View.BaseView, null, data);

    public static void CopyToCPU<T>(
        this MemoryBuffer<ArrayView1D<T, Stride1D.Dense>> buffer,
        AcceleratorStream stream,
        T[] data
    )
        where T : unmanaged => MemoryCopy.ToHost(buffer.View.BaseView, stream, data);

    public static void CopyFromCPU<T>(this MemoryBuffer<ArrayView1D<T, Stride1D.Dense>> buffer, T[] data)
        where T : unmanaged => MemoryCopy.FromHost(buffer.View.BaseView, null, data);

    public static void CopyFromCPU<T>(
        this MemoryBuffer<ArrayView1D<T, Stride1D.Dense>> buffer,
        AcceleratorStream stream,
        T[] data
    )
        where T : unmanaged => MemoryCopy.FromHost(buffer.View.BaseView, stream, data);

    public static T[] GetAsArray1D<T>(this MemoryBuffer<ArrayView1D<T, Stride1D.Dense>> buffer)
        where T : unmanaged => MemoryCopy.ToArray(buffer.View.BaseView, null);

    public static T[] GetAsArray1D<T>(
        this MemoryBuffer<ArrayView1D<T, Stride1D.Dense>> buffer,
        AcceleratorStream stream
    )
        where T : unmanaged => MemoryCopy.ToArray(buffer.View.BaseView, stream);

    public static void CopyToCPU<T>(this ArrayView1D<T, Stride1D.Dense> view, ref T cpuData, long length)
        where T : unmanaged => MemoryCopy.ToHost(view.BaseView, null, MemoryCopy.Span(ref cpuData, length));

    public static void CopyToCPU<T>(
        this ArrayView1D<T, Stride1D.Dense> view,
        AcceleratorStream stream,
        ref T cpuData,
        long length
    )
        where T : unmanaged => MemoryCopy.ToHost(view.BaseView, stream, MemoryCopy.Span(ref cpuData, length));

    public static void CopyToCPU<T>(this ArrayView1D<T, Stride1D.Dense> view, AcceleratorStream stream, in Span<T> span)
        where T : unmanaged => MemoryCopy.ToHost(view.BaseView, stream, span);

    public static void CopyFromCPU<T>(this ArrayView1D<T, Stride1D.Dense> view, ref T cpuData, long length)
        where T : unmanaged => MemoryCopy.FromHost(view.BaseView, null, MemoryCopy.Span(ref cpuData, length));

    public static void CopyFromCPU<T>(
        this ArrayView1D<T, Stride1D.Dense> view,
        AcceleratorStream stream,
        ref T cpuData,
        long length
    )
        where T : unmanaged => MemoryCopy.FromHost(view.BaseView, stream, MemoryCopy.Span(ref cpuData, length));

    public static void CopyFromCPU<T>(
        this ArrayView1D<T, Stride1D.Dense> view,
        AcceleratorStream stream,
        in ReadOnlySpan<T> span
    )
        where T : unmanaged => MemoryCopy.FromHost(view.BaseView, stream, span);

    public static void CopyToPageLockedAsync<T>(
        this ArrayView1D<T, Stride1D.Dense> view,
        PageLockedArray1D<T> pageLockedArray
    )
        where T : unmanaged => MemoryCopy.ToHost(view.BaseView, null, pageLockedArray.Span);

    public static void CopyToPageLockedAsync<T>(
        this ArrayView1D<T, Stride1D.Dense> view,
        AcceleratorStream stream,
        PageLockedArray1D<T> pageLockedArray
    )
        where T : unmanaged => MemoryCopy.ToHost(view.BaseView, stream, pageLockedArray.Span);

    public static void CopyFromPageLockedAsync<T>(
        this ArrayView1D<T, Stride1D.Dense> view,
        PageLockedArray1D<T> pageLockedArray
    )
        where T : unmanaged => MemoryCopy.FromHost(view.BaseView, null, pageLockedArray.Span);

    public static void CopyFromPageLockedAsync<T>(
        this ArrayView1D<T, Stride1D.Dense> view,
        AcceleratorStream stream,
        PageLockedArray1D<T> pageLockedArray
    )
        where T : unmanaged => MemoryCopy.FromHost(view.BaseView, stream, pageLockedArray.Span);
}
