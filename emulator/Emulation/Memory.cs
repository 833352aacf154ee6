using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU.Runtime;

namespace ILGPU.Emulation;

/// <summary>Where memory lies.</summary>
internal enum MemorySpace
{
    Global,
    Shared,
    Local,
    Host,
    Disposed,
}

/// <summary>A block of memory and the shadow that knows which of its cells were written.</summary>
/// <remarks>A cell has the size of an element, at most four bytes; its shadow is one byte, 1 when it was written. A
/// byte, because several groups may write neighbouring cells at once.</remarks>
internal unsafe class Memory
{
    // As device memory is aligned.
    private const nuint Alignment = 256;
    private const uint FourWritten = 0x01010101;

    private readonly bool isBorrowed;

    public Memory(MemorySpace space, long lengthInBytes, int elementSize, Accelerator? accelerator)
        : this(space, lengthInBytes, elementSize, accelerator, null) { }

    /// <summary>Memory of the host, where it lies.</summary>
    public Memory(byte* start, long lengthInBytes, int elementSize)
        : this(MemorySpace.Host, lengthInBytes, elementSize, null, start) { }

    private Memory(MemorySpace space, long lengthInBytes, int elementSize, Accelerator? accelerator, byte* borrowed)
    {
        isBorrowed = borrowed != null;
        Space = space;
        LengthInBytes = lengthInBytes;
        CellShift =
            elementSize % 4 == 0 ? 2
            : elementSize % 2 == 0 ? 1
            : 0;
        Accelerator = accelerator;
        Start = isBorrowed ? borrowed : (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(lengthInBytes, 1), Alignment);
        Shadow = (byte*)NativeMemory.AllocZeroed((nuint)(CellCount + sizeof(uint)));
        Refresh();
    }

    public byte* Start { get; private set; }
    public byte* Shadow { get; private set; }
    public MemorySpace Space { get; private set; }

    /// <summary>Whether the short way serves: global memory in words of four bytes, nothing counted.</summary>
    public bool IsPlain { get; private set; }
    public long LengthInBytes { get; }
    public int CellShift { get; }
    public Accelerator? Accelerator { get; }

    /// <summary>The buffer that owns it, if any.</summary>
    public MemoryBuffer? Buffer { get; init; }
    public long CellCount => (LengthInBytes >> CellShift) + 1;

    /// <summary>Chooses the short or the long way of access anew.</summary>
    public void Refresh() =>
        IsPlain = Space == MemorySpace.Global && CellShift == 2 && Accelerator?.Counters.CountTransactions != true;

    /// <summary>Whether every cell under an element was written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsWritten<T>(long at)
        where T : unmanaged =>
        sizeof(T) switch
        {
            4 => Shadow[at >> 2] != 0,
            8 => *(ushort*)(Shadow + (at >> 2)) == (FourWritten & 0xFFFF),
            16 => *(uint*)(Shadow + (at >> 2)) == FourWritten,
            _ => IsWritten(at, sizeof(T)),
        };

    /// <summary>Notes that every cell under an element is written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MarkWritten<T>(long at)
        where T : unmanaged
    {
        if (sizeof(T) == 4)
        {
            Shadow[at >> 2] = 1;
        }
        else if (sizeof(T) == 16)
        {
            *(uint*)(Shadow + (at >> 2)) = FourWritten;
        }
        else
        {
            MarkWritten(at, sizeof(T));
        }
    }

    public bool IsWritten(long at, long size)
    {
        var first = at >> CellShift;
        var count = ((at + size - 1) >> CellShift) - first + 1;
        return new Span<byte>(Shadow + first, checked((int)count)).IndexOf((byte)0) < 0;
    }

    public void MarkWritten(long at, long size)
    {
        if (size > 0)
        {
            var first = at >> CellShift;
            NativeMemory.Fill(Shadow + first, (nuint)(((at + size - 1) >> CellShift) - first + 1), 1);
        }
    }

    public void ForgetWritten(long lengthInBytes) =>
        NativeMemory.Clear(Shadow, (nuint)((lengthInBytes + (1 << CellShift) - 1) >> CellShift));

    public void Release()
    {
        if (Space == MemorySpace.Disposed)
        {
            return;
        }

        Space = MemorySpace.Disposed;
        Refresh();
        if (!isBorrowed)
        {
            NativeMemory.AlignedFree(Start);
        }

        NativeMemory.Free(Shadow);
        Start = null;
        Shadow = null;
    }
}
