using ILGPU.Runtime;

namespace ILGPU.Emulation;

/// <summary>What an emulated accelerator counted. The same program gives the same numbers every time.</summary>
public sealed class EmulatedCounters
{
    private readonly Accelerator accelerator;
    private readonly List<LaunchCounters> launches = [];
    private readonly Dictionary<string, string> slowKernels = [];
    private bool countTransactions;
    private long allocatedBytes;

    internal EmulatedCounters(Accelerator accelerator) => this.accelerator = accelerator;

    public static EmulatedCounters Of(Accelerator accelerator) => accelerator.Counters;

    /// <summary>Whether memory transactions are counted and launches listed, which slows kernels down much.</summary>
    public bool CountTransactions
    {
        get => countTransactions;
        set
        {
            lock (accelerator.Gate)
            {
                countTransactions = value;
                accelerator.RefreshMemory();
            }
        }
    }

    /// <summary>The launches since <see cref="CountTransactions"/> was set or <see cref="Reset"/>, in order.</summary>
    public IReadOnlyList<LaunchCounters> Launches => launches;

    /// <summary>The sum over all launches.</summary>
    public LaunchCounters Total { get; private set; } = new("total");

    /// <summary>How many launches there were.</summary>
    public long LaunchCount { get; private set; }

    /// <summary>Kernels that could not be rewritten, with the reason: each wait of their threads costs a switch between
    /// threads of the host.</summary>
    public IReadOnlyDictionary<string, string> SlowKernels => slowKernels;

    /// <summary>Bytes of the device allocated now, exactly as asked for.</summary>
    public long AllocatedBytes => Interlocked.Read(ref allocatedBytes);

    /// <summary>The most bytes that were ever allocated at once.</summary>
    public long PeakAllocatedBytes { get; private set; }

    /// <summary>Buffers of the device that are not disposed.</summary>
    public int BufferCount { get; private set; }

    /// <summary>Forgets the launches; what is allocated stays.</summary>
    public void Reset()
    {
        launches.Clear();
        Total = new LaunchCounters("total");
        LaunchCount = 0;
    }

    internal void LoadedSlow(string kernelName, string reason)
    {
        lock (accelerator.Gate)
        {
            slowKernels[kernelName] = reason;
        }
    }

    internal void Launched(LaunchCounters? launch, long barrierCount)
    {
        LaunchCount++;
        Total.BarrierCount += barrierCount;
        if (launch != null)
        {
            launch.BarrierCount = barrierCount;
            launches.Add(launch);
            Total.AddTransactions(launch);
        }
    }

    internal void Allocated(long bytes)
    {
        BufferCount++;
        PeakAllocatedBytes = Math.Max(PeakAllocatedBytes, Interlocked.Add(ref allocatedBytes, bytes));
    }

    internal void Freed(long bytes)
    {
        BufferCount--;
        Interlocked.Add(ref allocatedBytes, -bytes);
    }
}
