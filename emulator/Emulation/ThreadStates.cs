namespace ILGPU.Emulation;

/// <summary>Which threads of a group can go on, wait (and where), or have ended.</summary>
internal sealed class ThreadStates(int maximalCount, int warpSize)
{
    private readonly RendezvousKind[] kinds = new RendezvousKind[maximalCount];
    private readonly SourceLine[] sources = new SourceLine[maximalCount];
    private readonly bool[] ended = new bool[maximalCount];
    private int count;
    private int endedCount;

    public void Begin(int groupSize)
    {
        count = groupSize;
        endedCount = 0;
        Array.Clear(kinds, 0, count);
        Array.Clear(ended, 0, count);
    }

    public bool IsReady(int thread) => kinds[thread] == RendezvousKind.None && !ended[thread];

    public bool HaveAllEnded() => endedCount == count;

    public void Wait(int thread, RendezvousKind kind, SourceLine source)
    {
        kinds[thread] = kind;
        sources[thread] = source;
    }

    public void End(int thread)
    {
        ended[thread] = true;
        endedCount++;
    }

    /// <summary>Lets every warp go on whose threads all wait at the same function of the warp.</summary>
    public bool ReleaseWarps()
    {
        var released = false;
        for (var first = 0; first < count; first += warpSize)
        {
            var end = Math.Min(first + warpSize, count);
            if (Array.FindIndex(kinds, first, end - first, kind => kind < RendezvousKind.WarpBarrier) < 0)
            {
                Release(first, end, "warp");
                released = true;
            }
        }

        return released;
    }

    public void ReleaseGroup() => Release(0, count, "group");

    private void Release(int first, int end, string who)
    {
        for (var thread = first; thread < end; thread++)
        {
            if (ended[thread])
            {
                throw Missed(first, end, thread);
            }

            if (kinds[thread] != kinds[first] || sources[thread].Line != sources[first].Line)
            {
                throw KernelFault.Of(
                    FaultKind.DivergentBarrier,
                    $"Threads of a {who} wait at different places: thread {first} at {kinds[first]} "
                        + $"({sources[first]}), thread {thread} at {kinds[thread]} ({sources[thread]})",
                    sources[thread]
                );
            }
        }

        Array.Clear(kinds, first, end - first);
    }

    private KernelFaultException Missed(int first, int end, int missing)
    {
        var waiting = Array.FindIndex(kinds, first, end - first, kind => kind != RendezvousKind.None);
        var from = waiting < 0 ? Array.FindIndex(kinds, kind => kind != RendezvousKind.None) : waiting;
        return KernelFault.Of(
            FaultKind.MissedBarrier,
            $"Thread {missing} ended while thread {from} waits at {kinds[from]}",
            sources[from]
        );
    }
}
