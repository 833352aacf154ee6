using System.Collections.Immutable;
using System.Diagnostics;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>
/// Measures <see cref="MachineBounds"/> on threads that share the work as a session's do. Every figure is the best of
/// short repetitions: what disturbs them makes them slower, never faster.
/// </summary>
internal sealed unsafe class MachineProbe : IDisposable
{
    private const long SliceLength = 128 << 10; // floats: 512 KiB, which the L2 cache of a core holds
    private const long SliceBytes = SliceLength * sizeof(float);
    private const int SharedSliceCount = 8; // of a thread: 4 MiB, its part of an L3 cache
    private const long LeastMemory = 256L << 20; // bytes, well beyond the last cache
    private const int LeastRepetitions = 3;
    private static readonly TimeSpan s_duration = TimeSpan.FromMilliseconds(120);

    private readonly SimdWidth _width;
    private readonly int _workers; // threads that run at once
    private readonly WorkerTeam _team;

    /// <summary>Starts the threads.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="threadCount">Threads, at least 1.</param>
    public MachineProbe(SimdWidth width, int threadCount)
    {
        _width = width;
        _workers = WorkerTeam.ParallelismOf(threadCount);
        _team = new(threadCount, SliceLength);
    }

    /// <summary>Floating-point operations a second, two for each multiply-add.</summary>
    public double FlopsPerSecond()
    {
        using var probe = FmaProbe.Create(_width);
        var items = 16 * _workers;
        return Best(probe, new(items), (double)probe.FlopsPerItem * items);
    }

    /// <summary>How fast caches and memory are read.</summary>
    public ImmutableArray<MemoryBound> Memory()
    {
        long sharedSlices = SharedSliceCount * _workers;
        var most = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 / SliceBytes;
        var slices = Math.Max(sharedSlices, Math.Min(Math.Max(LeastMemory / SliceBytes, 4 * sharedSlices), most));
        using var buffer = new AlignedBuffer(slices * SliceLength);
        return
        [
            new("L2", SliceBytes * _workers, Read(null, 1, 256 * _workers)),
            new("L3", SliceBytes * sharedSlices, Read(buffer.Pointer, sharedSlices, 16 * sharedSlices)),
            new("memory", SliceBytes * slices, Read(buffer.Pointer, slices, slices)),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _team.Dispose();

    private double Read(float* input, long slices, long items)
    {
        using var probe = ReadProbe.Create(_width, SliceLength, slices);
        return Best(probe, new((int)items) { Input = input }, (double)SliceBytes * items);
    }

    private double Best(SimdOperation probe, in Operands operands, double work)
    {
        var best = TimeSpan.MaxValue;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < LeastRepetitions || Stopwatch.GetElapsedTime(start) < s_duration; i++)
        {
            var before = Stopwatch.GetTimestamp();
            _team.Run(probe, operands);
            var elapsed = Stopwatch.GetElapsedTime(before);
            best = elapsed < best ? elapsed : best;
        }
        return work / best.TotalSeconds;
    }
}
