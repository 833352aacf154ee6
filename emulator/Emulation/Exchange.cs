using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ILGPU.Emulation;

/// <summary>The values that threads hand to each other where they wait for each other.</summary>
/// <remarks>Two places per thread and use in turn: whoever goes on first may already hand over its next value while
/// others still take the last.</remarks>
internal sealed unsafe class Exchange : IDisposable
{
    private const int MaximalSize = 64;
    private readonly GroupRun run;
    private readonly int maximalCount;
    private readonly byte* values;
    private readonly int[] rounds;
    private readonly int[] operands;

    public Exchange(GroupRun run)
    {
        this.run = run;
        maximalCount = run.Accelerator.MaxNumThreadsPerGroup;
        // Two rounds for the group's functions, two for the warp's.
        values = (byte*)NativeMemory.AlignedAlloc((nuint)(4 * maximalCount * MaximalSize), MaximalSize);
        rounds = new int[2 * maximalCount];
        operands = new int[maximalCount];
    }

    public void BeginGroup() => Array.Clear(rounds);

    /// <summary>Hands a value over and begins to wait.</summary>
    public void Post<T>(RendezvousKind kind, T value, int operand, SourceLine source)
        where T : unmanaged
    {
        if (sizeof(T) > MaximalSize)
        {
            throw new NotSupportedException(
                $"{typeof(T)} is larger than the {MaximalSize} bytes that threads exchange."
            );
        }

        var scope = Scope(kind);
        rounds[scope * maximalCount + run.ThreadIndex]++;
        *(T*)Place(scope, run.ThreadIndex) = value;
        operands[run.ThreadIndex] = operand;
        run.Threads.Wait(run.ThreadIndex, kind, source);
    }

    /// <summary>The number given with <see cref="Post"/>, by the thread that runs.</summary>
    public int Operand => operands[run.ThreadIndex];

    /// <summary>A thread's value of the round in which the thread that runs is.</summary>
    public T Take<T>(RendezvousKind kind, int thread)
        where T : unmanaged => *(T*)Place(Scope(kind), thread);

    public void Dispose() => NativeMemory.AlignedFree(values);

    private static int Scope(RendezvousKind kind) => kind >= RendezvousKind.WarpBarrier ? 1 : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Place(int scope, int thread)
    {
        var turn = rounds[scope * maximalCount + run.ThreadIndex] & 1;
        return values + (long)((scope * 2 + turn) * maximalCount + thread) * MaximalSize;
    }
}
