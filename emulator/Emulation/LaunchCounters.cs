namespace ILGPU.Emulation;

/// <summary>What one launch did to memory, or the sum of several.</summary>
/// <remarks>The definitions stand in the emulator's README.</remarks>
public sealed class LaunchCounters
{
    internal LaunchCounters(string kernelName) => KernelName = kernelName;

    public string KernelName { get; }

    /// <summary>Barriers, each counted once for a group.</summary>
    public long BarrierCount { get; internal set; }
    public MemoryTraffic GlobalReads { get; } = new();
    public MemoryTraffic GlobalWrites { get; } = new();

    /// <summary>Requests of warps to shared memory.</summary>
    public long SharedRequestCount { get; internal set; }

    /// <summary>Cycles that shared requests take longer because lanes ask one bank for several words.</summary>
    public long BankConflictCycles { get; internal set; }

    internal void AddTransactions(LaunchCounters other)
    {
        GlobalReads.Add(other.GlobalReads);
        GlobalWrites.Add(other.GlobalWrites);
        SharedRequestCount += other.SharedRequestCount;
        BankConflictCycles += other.BankConflictCycles;
    }
}

/// <summary>What requests of warps to global memory moved in one direction.</summary>
public sealed class MemoryTraffic
{
    public const int SectorSize = 32;
    public const int LineSize = 128;

    public long RequestCount { get; internal set; }

    /// <summary>Sectors of 32 bytes, each counted once for a request.</summary>
    public long SectorCount { get; internal set; }

    /// <summary>Lines of 128 bytes, each counted once for a request.</summary>
    public long LineCount { get; internal set; }

    /// <summary>Bytes that lanes asked for, each counted once for a request.</summary>
    public long UsedBytes { get; internal set; }

    /// <summary>Different sectors touched by a launch, which DRAM moves at least; in a total their sum.</summary>
    public long DistinctSectorCount { get; internal set; }

    /// <summary>The part of the moved bytes that was asked for, 1 where nothing moved.</summary>
    public double Efficiency => SectorCount == 0 ? 1 : (double)UsedBytes / (SectorCount * SectorSize);

    internal void Add(MemoryTraffic other)
    {
        RequestCount += other.RequestCount;
        SectorCount += other.SectorCount;
        LineCount += other.LineCount;
        UsedBytes += other.UsedBytes;
        DistinctSectorCount += other.DistinctSectorCount;
    }
}
