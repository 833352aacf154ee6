namespace ILGPU.Emulation;

/// <summary>The shared memory of a group: a thread's n-th allocation is the same block for all its threads.</summary>
/// <remarks>Blocks are kept for later groups and launches, so that kernels which ask for different sizes in turn do not
/// allocate each time: those in use come first, in the order of their allocation.</remarks>
internal sealed class SharedBlocks : IDisposable
{
    private readonly GroupRun run;
    private readonly List<SharedBlock> blocks = [];
    private readonly int[] ordinals;
    private SharedMemoryConfig dynamicConfig;
    private SharedBlock? dynamicBlock;
    private bool dynamicIsKnown;
    private int usedCount;
    private long usedBytes;

    public SharedBlocks(GroupRun run)
    {
        this.run = run;
        ordinals = new int[run.Accelerator.MaxNumThreadsPerGroup];
    }

    public void BeginLaunch(SharedMemoryConfig config) => dynamicConfig = config;

    public void BeginGroup()
    {
        Array.Clear(ordinals, 0, run.GroupSize);
        usedCount = 0;
        usedBytes = dynamicConfig.ArraySize;
        dynamicIsKnown = false;
        NextEpoch();
    }

    public void NextEpoch()
    {
        for (var ordinal = 0; ordinal < usedCount; ordinal++)
        {
            blocks[ordinal].NextEpoch();
        }

        dynamicBlock?.NextEpoch();
    }

    public ArrayView<T> Allocate<T>(int extent, SourceLine source)
        where T : unmanaged
    {
        var ordinal = ordinals[run.ThreadIndex]++;
        var length = (long)extent * Interop.SizeOf<T>();
        if (ordinal == usedCount)
        {
            Reserve(length, source);
            Provide(ordinal, length, Interop.SizeOf<T>());
            usedCount++;
        }

        var block = blocks[ordinal];
        if (block.LengthInBytes != length || block.ElementSize != Interop.SizeOf<T>())
        {
            throw KernelFault.Of(
                FaultKind.DivergentBarrier,
                $"Threads of a group allocate different shared memory: {block.LengthInBytes} and {length} bytes",
                source
            );
        }

        return new ArrayView<T>(block, 0, extent);
    }

    public ArrayView<T> Dynamic<T>()
        where T : unmanaged
    {
        var size = Interop.SizeOf<T>();
        if (dynamicBlock is null || dynamicBlock.LengthInBytes != dynamicConfig.ArraySize)
        {
            dynamicBlock?.Dispose();
            dynamicBlock = new SharedBlock(dynamicConfig.ArraySize, dynamicConfig.ElementSize);
        }

        if (!dynamicIsKnown)
        {
            dynamicBlock.ForgetWritten(dynamicBlock.LengthInBytes);
            dynamicIsKnown = true;
        }

        return new ArrayView<T>(dynamicBlock, 0, dynamicConfig.ArraySize / size);
    }

    public void Dispose()
    {
        foreach (var block in blocks)
        {
            block.Dispose();
        }

        blocks.Clear();
        dynamicBlock?.Dispose();
        dynamicBlock = null;
    }

    private void Reserve(long length, SourceLine source)
    {
        usedBytes += length;
        var limit = run.Accelerator.MaxSharedMemoryPerGroup;
        if (usedBytes > limit)
        {
            var what = $"The kernel allocates {usedBytes} bytes of shared memory, the device has {limit} for a group";
            throw KernelFault.Of(FaultKind.LaunchConfiguration, what, source);
        }
    }

    /// <summary>Puts a block that is not in use in its place.</summary>
    private void Provide(int ordinal, long length, int elementSize)
    {
        var found = ordinal;
        while (
            found < blocks.Count && (blocks[found].LengthInBytes != length || blocks[found].ElementSize != elementSize)
        )
        {
            found++;
        }

        if (found == blocks.Count)
        {
            blocks.Add(new SharedBlock(length, elementSize));
        }

        (blocks[ordinal], blocks[found]) = (blocks[found], blocks[ordinal]);
        blocks[ordinal].NextEpoch();
        blocks[ordinal].ForgetWritten(length);
    }
}
