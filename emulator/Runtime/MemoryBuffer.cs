using ILGPU.Emulation;

namespace ILGPU.Runtime;

/// <summary>Memory of a device.</summary>
public abstract class MemoryBuffer : AcceleratorObject, IContiguousArrayView
{
    private protected MemoryBuffer(Accelerator accelerator, long length, int elementSize)
        : base(accelerator)
    {
        Length = length;
        ElementSize = elementSize;
        Memory = new Memory(MemorySpace.Global, LengthInBytes, elementSize, accelerator) { Buffer = this };
        accelerator.Add(this);
    }

    public long Length { get; }
    public int ElementSize { get; }
    public long LengthInBytes => Length * ElementSize;
    public bool IsValid => !IsDisposed;
    MemoryBuffer? IArrayView.Buffer => this;
    long IContiguousArrayView.Index => 0;
    long IContiguousArrayView.IndexInBytes => 0;

    internal Memory Memory { get; }

    public ArrayView<byte> AsRawArrayView() => new(Memory, 0, LengthInBytes);

    public ArrayView<T> AsArrayView<T>(long offset, long length)
        where T : unmanaged => new ArrayView<T>(Memory, 0, LengthInBytes / Interop.SizeOf<T>()).SubView(offset, length);

    protected override void Dispose(bool disposing)
    {
        Accelerator.Remove(this);
        Memory.Release();
    }
}

/// <summary>Memory of a device with a view of all of it.</summary>
public class MemoryBuffer<TView> : MemoryBuffer
    where TView : struct, IArrayView
{
    private protected MemoryBuffer(Accelerator accelerator, long length, int elementSize)
        : base(accelerator, length, elementSize) { }

    public TView View { get; private protected init; }

    public TView ToArrayView() => View;

    public static implicit operator TView(MemoryBuffer<TView> buffer) => buffer.View;
}

/// <summary>Memory of a device along one axis.</summary>
public sealed class MemoryBuffer1D<T, TStride> : MemoryBuffer<ArrayView1D<T, TStride>>, IContiguousArrayView<T>
    where T : unmanaged
    where TStride : struct, IStride1D
{
    internal MemoryBuffer1D(Accelerator accelerator, long length)
        : base(accelerator, length, Interop.SizeOf<T>()) =>
        View = new ArrayView1D<T, TStride>(new ArrayView<T>(Memory, 0, length), length, default);

    public LongIndex1D Extent => View.Extent;
    public Index1D IntExtent => View.IntExtent;

    public ArrayView<T> AsContiguous() => View.BaseView;
}
