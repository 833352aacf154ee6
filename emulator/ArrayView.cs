using System.Runtime.CompilerServices;
using ILGPU.Emulation;
using ILGPU.Runtime;

namespace ILGPU;

/// <summary>A part of a buffer, of shared or of local memory; every access is checked.</summary>
/// <remarks>Where ILGPU's indexers return references, those with <c>int</c> and <c>long</c> get and set here: so a read
/// is known from a write. Those with <see cref="Index1D"/> return a reference and stand for atomics.</remarks>
public readonly unsafe struct ArrayView<T> : IContiguousArrayView<T>
    where T : unmanaged
{
    public static readonly int ElementSize = sizeof(T);
    public static readonly ArrayView<T> Empty;

    private readonly Memory? memory;
    private readonly long offset;

    public ArrayView(MemoryBuffer source, long index, long length)
        : this(source.Memory, index * sizeof(T), length) { }

    internal ArrayView(Memory? memory, long offsetInBytes, long length)
    {
        this.memory = memory;
        offset = offsetInBytes;
        Length = length;
    }

    public long Length { get; }
    public int IntLength => checked((int)Length);
    public LongIndex1D Extent => new(Length);
    public Index1D IntExtent => new(IntLength);
    public Stride1D.Dense Stride => default;
    public long LengthInBytes => Length * sizeof(T);
    public bool IsValid => memory != null && Length > 0;
    MemoryBuffer? IArrayView.Buffer => memory?.Buffer;
    int IArrayView.ElementSize => sizeof(T);
    long IContiguousArrayView.Index => offset / sizeof(T);
    long IContiguousArrayView.IndexInBytes => offset;

    internal Memory? Memory => memory;
    internal long OffsetInBytes => offset;

    public T this[int index, [CallerLineNumber] int line = 0, [CallerFilePath] string file = ""]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => this[(long)index, line, file];
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => this[(long)index, line, file] = value;
    }

    public T this[long index, [CallerLineNumber] int line = 0, [CallerFilePath] string file = ""]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var at = offset + index * sizeof(T);
            if ((ulong)index < (ulong)Length && memory!.IsPlain && IsAligned(at) && memory.IsWritten<T>(at))
            {
                return Unsafe.ReadUnaligned<T>(memory.Start + at);
            }

            return CheckedAccess.Read(this, index, new SourceLine(file, line));
        }
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set
        {
            var at = offset + index * sizeof(T);
            if ((ulong)index < (ulong)Length && memory!.IsPlain && IsAligned(at))
            {
                memory.MarkWritten<T>(at);
                Unsafe.WriteUnaligned(memory.Start + at, value);
            }
            else
            {
                CheckedAccess.Write(this, index, value, new SourceLine(file, line));
            }
        }
    }

    public ref T this[Index1D index, [CallerLineNumber] int line = 0, [CallerFilePath] string file = ""] =>
        ref CheckedAccess.Reference(this, index.X, new SourceLine(file, line));

    public ref T this[LongIndex1D index, [CallerLineNumber] int line = 0, [CallerFilePath] string file = ""] =>
        ref CheckedAccess.Reference(this, index.X, new SourceLine(file, line));

    public ArrayView<T> SubView(long index) => SubView(index, Length - index);

    public ArrayView<T> SubView(int index, int subViewLength) => SubView((long)index, subViewLength);

    public ArrayView<T> SubView(long index, long subViewLength)
    {
        // As in ILGPU, an empty sub-view does not begin behind the last element either.
        var isInside = index == 0 || index < Length;
        if (index < 0 || !isInside || subViewLength < 0 || index + subViewLength > Length)
        {
            throw KernelFault.Of(
                FaultKind.OutOfRange,
                $"A sub-view from {index} of {subViewLength} elements of a view of {Length}",
                default
            );
        }

        return new ArrayView<T>(memory, offset + index * sizeof(T), subViewLength);
    }

    public ArrayView<TOther> Cast<TOther>()
        where TOther : unmanaged => new(memory, offset, LengthInBytes / sizeof(TOther));

    public ArrayView<byte> AsRawArrayView() => new(memory, offset, LengthInBytes);

    public override string ToString() => $"{offset / sizeof(T)} [{Length}]";

    public static implicit operator ArrayView1D<T, Stride1D.Dense>(ArrayView<T> view) =>
        new(view, view.Extent, default);

    public static implicit operator ArrayView<T>(ArrayView1D<T, Stride1D.Dense> view) => view.BaseView;

    /// <summary>Whether an address is a multiple of the largest power of two in the element's size, up to 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsAligned(long at) => (at & (Alignment - 1)) == 0;

    internal static int Alignment
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Math.Min(sizeof(T) & -sizeof(T), 16);
    }
}
