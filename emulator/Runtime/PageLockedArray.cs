using ILGPU.Emulation;

namespace ILGPU.Runtime;

/// <summary>Memory of the host that a device copies from and to directly.</summary>
public abstract class PageLockedArray<T> : IDisposable
    where T : unmanaged
{
    private readonly Memory memory;

    private protected unsafe PageLockedArray(T[] pinned)
    {
        fixed (T* start = pinned)
        {
            memory = new Memory((byte*)start, (long)pinned.Length * sizeof(T), sizeof(T));
        }

        ArrayView = new ArrayView<T>(memory, 0, pinned.Length);
    }

    public abstract Span<T> Span { get; }
    public ArrayView<T> ArrayView { get; }
    public long Length => Span.Length;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => memory.Release();
}

/// <summary>Memory of the host along one axis that a device copies from and to directly.</summary>
public sealed class PageLockedArray1D<T> : PageLockedArray<T>
    where T : unmanaged
{
    private readonly T[] array;

    internal PageLockedArray1D(int length)
        : this(GC.AllocateArray<T>(length, pinned: true)) { }

    private PageLockedArray1D(T[] array)
        : base(array) => this.array = array;

    public LongIndex1D Extent => array.LongLength;
    public override Span<T> Span => array;
    public ref T this[int index] => ref array[index];
    public ref T this[long index] => ref array[index];

    public T[] GetArray() => array;
}

/// <summary>Allocates memory of the host that a device copies from and to directly.</summary>
public static class PageLockedArrayExtensions
{
    public static PageLockedArray1D<T> AllocatePageLocked1D<T>(this Accelerator accelerator, LongIndex1D extent)
        where T : unmanaged
    {
        accelerator.EnsureUsable(null);
        return new PageLockedArray1D<T>(extent.ToIntIndex());
    }

    public static PageLockedArray1D<T> AllocatePageLocked1D<T>(
        this Accelerator accelerator,
        LongIndex1D extent,
        bool uninitialized
    )
        where T : unmanaged => accelerator.AllocatePageLocked1D<T>(extent);
}
