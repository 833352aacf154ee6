using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>What the CPU does at most with a number of threads, as measured.</summary>
/// <param name="Processor">Name of the processor.</param>
/// <param name="Threads">Threads that measured, the caller among them.</param>
/// <param name="VectorLength">Floats of a vector.</param>
/// <param name="FlopsPerSecond">
/// Floating-point operations a second, two for each multiply-add, of independent multiply-adds in registers.
/// </param>
/// <param name="Memory">Caches and memory, from the smallest to the largest.</param>
public sealed record MachineBounds(
    string Processor,
    int Threads,
    int VectorLength,
    double FlopsPerSecond,
    ImmutableArray<MemoryBound> Memory
)
{
    /// <summary>Measures, in less than a second, with the vectors that sessions use.</summary>
    /// <param name="threadCount">Threads; 0 is one per core.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is below 0.</exception>
    public static MachineBounds Measure(int threadCount = 0) => Measure(threadCount, Simd.Preferred);

    internal static MachineBounds Measure(int threadCount, SimdWidth width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threadCount);
        var threads = threadCount == 0 ? Environment.ProcessorCount : threadCount;
        using var probe = new MachineProbe(width, threads);
        return new(ProcessorName.Read(), threads, (int)width, probe.FlopsPerSecond(), probe.Memory());
    }

    /// <summary>The smallest level that holds so many bytes; the memory for what none holds.</summary>
    /// <param name="bytes">Bytes that are used together.</param>
    public MemoryBound LevelOf(long bytes) =>
        Memory.FirstOrDefault(level => bytes <= level.WorkingSetBytes) ?? Memory[^1];
}

/// <summary>How fast a cache, or the memory, is read.</summary>
/// <param name="Name">
/// <c>L2</c>, <c>L3</c> or <c>memory</c>: what usually holds a working set of that size.
/// </param>
/// <param name="WorkingSetBytes">Bytes that were read over and over, all threads together.</param>
/// <param name="BytesPerSecond">Bytes read a second, all threads together.</param>
public sealed record MemoryBound(string Name, long WorkingSetBytes, double BytesPerSecond);
