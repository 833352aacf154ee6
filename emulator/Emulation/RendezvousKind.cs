namespace ILGPU.Emulation;

/// <summary>Functions at which threads wait for each other; from <see cref="WarpBarrier"/> on only a warp's.</summary>
internal enum RendezvousKind
{
    None,
    Barrier,
    BarrierPopCount,
    BarrierAnd,
    BarrierOr,
    Broadcast,
    Reduce,
    WarpBarrier,
    WarpShuffle,
    WarpBroadcast,
    WarpReduce,
}
