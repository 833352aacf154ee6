using System.Runtime.CompilerServices;
using ILGPU.Emulation;

namespace ILGPU;

/// <summary>Memory that the threads of a group share.</summary>
public static class SharedMemory
{
    public static ref T Allocate<T>()
        where T : unmanaged => ref Allocate<T>(1)[new Index1D(0)];

    public static ArrayView<T> Allocate<T>(
        int extent,
        [CallerLineNumber] int line = 0,
        [CallerFilePath] string file = ""
    )
        where T : unmanaged => GroupRun.Running.Shared.Allocate<T>(extent, new SourceLine(file, line));

    public static ArrayView<T> GetDynamic<T>()
        where T : unmanaged => GroupRun.Running.Shared.Dynamic<T>();
}

/// <summary>Memory of one thread.</summary>
public static class LocalMemory
{
    public static ArrayView<T> Allocate<T>(int extent)
        where T : unmanaged => GroupRun.Running.AllocateLocal<T>(extent);
}

/// <summary>Orders a thread's accesses; threads here run one at a time.</summary>
public static class MemoryFence
{
    public static void GroupLevel() => Thread.MemoryBarrier();

    public static void DeviceLevel() => Thread.MemoryBarrier();

    public static void SystemLevel() => Thread.MemoryBarrier();
}
