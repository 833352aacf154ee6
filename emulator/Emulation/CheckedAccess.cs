using System.Runtime.CompilerServices;

namespace ILGPU.Emulation;

/// <summary>The long way of an access: all checks, races and counters.</summary>
internal static unsafe class CheckedAccess
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static T Read<T>(in ArrayView<T> view, long index, SourceLine source)
        where T : unmanaged
    {
        var at = Check(view, index, AccessKind.Read, source);
        var memory = view.Memory!;
        if (memory.Space != MemorySpace.Host && !IsWritten<T>(memory, at))
        {
            throw KernelFault.At(FaultKind.Uninitialized, "Read of memory that nobody wrote", view, index, source);
        }

        return Unsafe.ReadUnaligned<T>(memory.Start + at);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write<T>(in ArrayView<T> view, long index, T value, SourceLine source)
        where T : unmanaged
    {
        var at = Check(view, index, AccessKind.Write, source);
        var memory = view.Memory!;
        MarkWritten<T>(memory, at);
        Unsafe.WriteUnaligned(memory.Start + at, value);
    }

    /// <summary>A reference, which stands for an atomic: it reads and writes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ref T Reference<T>(scoped in ArrayView<T> view, long index, SourceLine source)
        where T : unmanaged
    {
        var at = Check(view, index, AccessKind.Atomic, source);
        var memory = view.Memory!;
        MarkWritten<T>(memory, at);
        return ref Unsafe.AsRef<T>(memory.Start + at);
    }

    private static bool IsWritten<T>(Memory memory, long at)
        where T : unmanaged =>
        memory.CellShift == 2 && sizeof(T) % 4 == 0 ? memory.IsWritten<T>(at) : memory.IsWritten(at, sizeof(T));

    private static void MarkWritten<T>(Memory memory, long at)
        where T : unmanaged
    {
        if (memory.CellShift == 2 && sizeof(T) % 4 == 0)
        {
            memory.MarkWritten<T>(at);
        }
        else
        {
            memory.MarkWritten(at, sizeof(T));
        }
    }

    private static long Check<T>(scoped in ArrayView<T> view, long index, AccessKind kind, SourceLine source)
        where T : unmanaged
    {
        var memory = view.Memory;
        if ((ulong)index >= (ulong)view.Length || memory is null)
        {
            throw KernelFault.At(FaultKind.OutOfRange, $"{kind} out of range", view, index, source);
        }

        var at = view.OffsetInBytes + index * sizeof(T);
        if (memory.Space == MemorySpace.Disposed)
        {
            throw KernelFault.At(FaultKind.Disposed, $"{kind} of a disposed buffer", view, index, source);
        }

        if (!ArrayView<T>.IsAligned(at))
        {
            var what = $"{kind} at an address that is no multiple of {ArrayView<T>.Alignment}";
            throw KernelFault.At(FaultKind.Misaligned, what, view, index, source);
        }

        if (GroupRun.Current is { } run)
        {
            run.Touch(view, index, at, kind, source);
        }

        return at;
    }
}
