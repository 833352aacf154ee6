using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ILGPU.Emulation;

/// <summary>One allocation of shared memory. It knows which threads touched a cell since the last barrier.</summary>
internal sealed unsafe class SharedBlock : Memory, IDisposable
{
    private const ushort Several = ushort.MaxValue;
    private readonly Touches* touches;
    private ushort epoch = 1;

    public SharedBlock(long lengthInBytes, int elementSize)
        : base(MemorySpace.Shared, lengthInBytes, elementSize, null)
    {
        ElementSize = elementSize;
        touches = (Touches*)NativeMemory.AllocZeroed((nuint)CellCount, (nuint)sizeof(Touches));
    }

    public int ElementSize { get; }

    /// <summary>Forgets who touched what.</summary>
    public void NextEpoch()
    {
        if (++epoch == 0)
        {
            NativeMemory.Clear(touches, (nuint)(CellCount * sizeof(Touches)));
            epoch = 1;
        }
    }

    /// <summary>Notes an access; says with whom it collides, if with anybody.</summary>
    public string? IsRace(int thread, long at, int size, AccessKind kind)
    {
        var me = (ushort)(thread + 1);
        var last = (at + size - 1) >> CellShift;
        for (var cell = at >> CellShift; cell <= last; cell++)
        {
            if (Collision(ref touches[cell], me, kind) is var other and not 0)
            {
                return other == Several ? "several threads" : $"thread {other - 1}";
            }
        }

        return null;
    }

    /// <summary>The thread that an access collides with, 0 for none, which is noted then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ushort Collision(ref Touches touched, ushort me, AccessKind kind)
    {
        if (touched.Epoch != epoch)
        {
            touched = new Touches { Epoch = epoch };
        }
        else if (Collides(touched, me, kind) is var other and not 0)
        {
            return other;
        }

        touched.Note(me, kind);
        return 0;
    }

    public void Dispose()
    {
        Release();
        NativeMemory.Free(touches);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort Collides(in Touches touched, ushort me, AccessKind kind) =>
        IsOther(touched.Writer, me) ? touched.Writer
        : kind != AccessKind.Atomic && IsOther(touched.Atomic, me) ? touched.Atomic
        : kind != AccessKind.Read && IsOther(touched.Reader, me) ? touched.Reader
        : (ushort)0;

    private static bool IsOther(ushort thread, ushort me) => thread != 0 && thread != me;

    /// <summary>Who touched a cell: 0 nobody, else a thread's index plus one, or several.</summary>
    private struct Touches
    {
        public ushort Epoch;
        public ushort Reader;
        public ushort Writer;
        public ushort Atomic;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Note(ushort me, AccessKind kind)
        {
            switch (kind)
            {
                case AccessKind.Read:
                    Reader = Join(Reader, me);
                    break;
                case AccessKind.Write:
                    Writer = me;
                    break;
                default:
                    Atomic = Join(Atomic, me);
                    break;
            }
        }

        private static ushort Join(ushort before, ushort me) => before == 0 || before == me ? me : Several;
    }
}
