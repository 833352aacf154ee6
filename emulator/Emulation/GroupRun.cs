using System.Runtime.CompilerServices;
using ILGPU.Rewriting;
using ILGPU.Runtime;

namespace ILGPU.Emulation;

/// <summary>One group while it is executed: where its threads are, and the memory they share.</summary>
/// <remarks>One of its threads runs at a time, always in the same order: each in turn until it waits or ends, beginning
/// with the first.</remarks>
internal sealed class GroupRun : IDisposable
{
    [ThreadStatic]
    private static GroupRun? current;

    private readonly List<Memory> locals = [];
    private readonly int[] resumePoints;

    // By reference: each rewritten kernel is one object.
    private readonly Dictionary<RewrittenKernel, object[]> frames = new(ReferenceEqualityComparer.Instance);
    private int next;
    private Index3D groupDimension;

    public GroupRun(Accelerator accelerator)
    {
        Accelerator = accelerator;
        Threads = new ThreadStates(accelerator.MaxNumThreadsPerGroup, accelerator.WarpSize);
        resumePoints = new int[accelerator.MaxNumThreadsPerGroup];
        Shared = new SharedBlocks(this);
        Exchange = new Exchange(this);
    }

    /// <summary>The group that this thread of the host executes, if any.</summary>
    public static GroupRun? Current
    {
        get => current;
        set => current = value;
    }

    public static GroupRun Running =>
        current ?? throw new InvalidOperationException("A function of the device was called outside a kernel.");

    public Accelerator Accelerator { get; }
    public ThreadStates Threads { get; }
    public SharedBlocks Shared { get; }
    public Exchange Exchange { get; }
    public string KernelName { get; private set; } = "";
    public KernelConfig Config { get; private set; }
    public Index3D Group { get; private set; }
    public Index3D Thread { get; private set; }
    public int ThreadIndex { get; private set; }
    public int GroupSize { get; private set; }
    public Index3D GridDimension => Config.GridDim;
    public Index3D GroupDimension => groupDimension;

    /// <summary>What a rewritten kernel keeps of its variables where threads wait.</summary>
    public object[] Frames { get; private set; } = [];

    /// <summary>Where a rewritten kernel goes on in the thread that runs; 0 is its beginning.</summary>
    public int ResumePoint
    {
        get => resumePoints[ThreadIndex];
        set => resumePoints[ThreadIndex] = value;
    }

    /// <summary>How a thread gives way; set by what executes the group.</summary>
    public IThreadSwitch? Switch { get; set; }

    /// <summary>Where accesses are noted while transactions are counted.</summary>
    public AccessLog? Log { get; set; }
    public long BarrierCount { get; private set; }

    public void BeginLaunch(string kernelName, KernelConfig config, RewrittenKernel kernel)
    {
        KernelName = kernelName;
        Config = config;
        groupDimension = config.GroupDim;
        GroupSize = config.GroupDim.Size;
        BarrierCount = 0;
        Frames = FramesOf(kernel);
        Shared.BeginLaunch(config.SharedMemoryConfig);
    }

    public void BeginGroup(Index3D group)
    {
        Group = group;
        next = 0;
        Array.Clear(resumePoints, 0, GroupSize);
        Threads.Begin(GroupSize);
        Shared.BeginGroup();
        Exchange.BeginGroup();
    }

    public void EndGroup()
    {
        Log?.EndGroup();
        foreach (var memory in locals)
        {
            memory.Release();
        }

        locals.Clear();
    }

    /// <summary>Goes to a thread.</summary>
    public void Enter(int thread)
    {
        current = this;
        ThreadIndex = thread;
        if (groupDimension.Y * groupDimension.Z == 1)
        {
            Thread = new Index3D(thread, 0, 0);
            return;
        }

        var (row, x) = Math.DivRem(thread, groupDimension.X);
        var (z, y) = Math.DivRem(row, groupDimension.Y);
        Thread = new Index3D(x, y, z);
    }

    /// <summary>The thread to go on with, -1 when all have ended. Releases those that all arrived.</summary>
    public int NextThread()
    {
        while (true)
        {
            for (; next < GroupSize; next++)
            {
                if (Threads.IsReady(next))
                {
                    return next++;
                }
            }

            if (Threads.HaveAllEnded())
            {
                return -1;
            }

            next = 0;
            if (!Threads.ReleaseWarps())
            {
                Threads.ReleaseGroup();
                Shared.NextEpoch();
                BarrierCount++;
            }
        }
    }

    public ArrayView<T> AllocateLocal<T>(int extent)
        where T : unmanaged
    {
        var memory = new Memory(MemorySpace.Local, (long)extent * Interop.SizeOf<T>(), Interop.SizeOf<T>(), null);
        locals.Add(memory);
        return new ArrayView<T>(memory, 0, extent);
    }

    /// <summary>What must be known of every access that is not plain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Touch<T>(in ArrayView<T> view, long index, long at, AccessKind kind, SourceLine source)
        where T : unmanaged
    {
        var memory = view.Memory!;
        if (memory.Accelerator is { } owner && owner != Accelerator)
        {
            throw KernelFault.At(FaultKind.WrongAccelerator, $"{kind} of another device's memory", view, index, source);
        }

        if (memory is SharedBlock block && block.IsRace(ThreadIndex, at, Interop.SizeOf<T>(), kind) is { } other)
        {
            var what = $"{kind} of shared memory that {other} touched since the last barrier";
            throw KernelFault.At(FaultKind.SharedRace, what, view, index, source);
        }

        Log?.Add(ThreadIndex, memory, at, Interop.SizeOf<T>(), kind, source);
    }

    private object[] FramesOf(RewrittenKernel kernel)
    {
        if (!frames.TryGetValue(kernel, out var found))
        {
            found = [.. kernel.FrameTypes.Select(type => Array.CreateInstance(type, resumePoints.Length))];
            frames.Add(kernel, found);
        }

        return found;
    }

    public void Dispose()
    {
        EndGroup();
        Shared.Dispose();
        Exchange.Dispose();
    }
}
