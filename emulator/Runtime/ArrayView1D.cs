using System.Runtime.CompilerServices;

namespace ILGPU.Runtime;

/// <summary>A one-dimensional view with its extent and stride.</summary>
public readonly struct ArrayView1D<T, TStride> : IContiguousArrayView<T>
    where T : unmanaged
    where TStride : struct, IStride1D
{
    public static readonly int ElementSize = Interop.SizeOf<T>();
    public static readonly ArrayView1D<T, TStride> Empty;

    public ArrayView1D(ArrayView<T> baseView, LongIndex1D extent, TStride stride)
    {
        BaseView = baseView;
        Extent = extent;
        Stride = stride;
    }

    public ArrayView<T> BaseView { get; }
    public LongIndex1D Extent { get; }
    public TStride Stride { get; }
    public Index1D IntExtent => Extent.ToIntIndex();
    public bool IsValid => BaseView.IsValid;
    public long Length => Extent.Size;
    public int IntLength => checked((int)Length);
    public long LengthInBytes => BaseView.LengthInBytes;
    MemoryBuffer? IArrayView.Buffer => BaseView.Memory?.Buffer;
    int IArrayView.ElementSize => ElementSize;
    long IContiguousArrayView.Index => BaseView.OffsetInBytes / ElementSize;
    long IContiguousArrayView.IndexInBytes => BaseView.OffsetInBytes;

    public T this[int index, [CallerLineNumber] int line = 0, [CallerFilePath] string file = ""]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => BaseView[(long)index, line, file];
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set
        {
            var view = BaseView;
            view[(long)index, line, file] = value;
        }
    }

    public T this[long index, [CallerLineNumber] int line = 0, [CallerFilePath] string file = ""]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => BaseView[index, line, file];
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set
        {
            var view = BaseView;
            view[index, line, file] = value;
        }
    }

    public ref T this[Index1D index, [CallerLineNumber] int line = 0, [CallerFilePath] string file = ""] =>
        ref BaseView[index, line, file];

    public ref T this[LongIndex1D index, [CallerLineNumber] int line = 0, [CallerFilePath] string file = ""] =>
        ref BaseView[index, line, file];

    public ArrayView1D<T, TStride> SubView(Index1D index, Index1D extent) =>
        SubView(index.ToLongIndex(), extent.ToLongIndex());

    public ArrayView1D<T, TStride> SubView(LongIndex1D index, LongIndex1D extent) =>
        new(BaseView.SubView(index.X, extent.X), extent, Stride);

    public ArrayView<T> AsContiguous() => BaseView;

    public ArrayView1D<T, Stride1D.Dense> AsDense() => new(BaseView, Extent, default);

    public ArrayView<byte> AsRawArrayView() => BaseView.AsRawArrayView();

    public override string ToString() => BaseView.ToString();
}
