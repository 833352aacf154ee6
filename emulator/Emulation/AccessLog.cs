namespace ILGPU.Emulation;

/// <summary>The accesses of one launch, put together to requests of warps.</summary>
/// <remarks>A request is made of the accesses that the lanes of a warp make at the same line of the source, to the same
/// memory, each for the same time: the k-th access of one lane there belongs to the k-th of the others.</remarks>
internal sealed class AccessLog(string kernelName, int groupSize, int warpSize)
{
    private readonly Dictionary<Place, AccessSite> sites = [];
    private readonly List<AccessSite> order = [];
    private readonly Dictionary<(Memory Memory, bool IsWrite), bool[]> sectors = [];
    private readonly RequestCounter requests = new(warpSize);
    private Place lastPlace;
    private AccessSite? lastSite;

    public LaunchCounters Counters { get; } = new(kernelName);

    public void Add(int thread, Memory memory, long at, int size, AccessKind kind, SourceLine source)
    {
        if (memory.Space is MemorySpace.Global or MemorySpace.Shared)
        {
            Find(new Place(source, memory, kind, size)).Add(thread, at);
        }
    }

    /// <summary>Counts the requests of a group that has ended.</summary>
    public void EndGroup()
    {
        foreach (var site in order)
        {
            for (var warp = 0; warp * warpSize < groupSize; warp++)
            {
                for (var time = 0; time < site.TimesOf(warp); time++)
                {
                    Count(site, site.Request(warp, time));
                }
            }

            site.Clear();
        }
    }

    /// <summary>Counts what the launch touched altogether.</summary>
    public void EndLaunch()
    {
        foreach (var ((_, isWrite), touched) in sectors)
        {
            var traffic = isWrite ? Counters.GlobalWrites : Counters.GlobalReads;
            traffic.DistinctSectorCount += touched.LongCount(isTouched => isTouched);
        }
    }

    private AccessSite Find(Place place)
    {
        if (lastSite != null && lastPlace == place)
        {
            return lastSite;
        }

        if (!sites.TryGetValue(place, out var site))
        {
            site = new AccessSite(place.Memory, place.Kind, place.Size, groupSize, warpSize);
            sites.Add(place, site);
            order.Add(site);
        }

        (lastPlace, lastSite) = (place, site);
        return site;
    }

    private void Count(AccessSite site, ReadOnlySpan<long> addresses)
    {
        if (site.Memory.Space == MemorySpace.Shared)
        {
            Counters.SharedRequestCount++;
            Counters.BankConflictCycles += requests.CountConflicts(addresses, site.Size);
            return;
        }

        var isWrite = site.Kind != AccessKind.Read;
        var touched = Touched(site.Memory, isWrite);
        requests.CountSectors(addresses, site.Size, isWrite ? Counters.GlobalWrites : Counters.GlobalReads, touched);
    }

    private bool[] Touched(Memory memory, bool isWrite)
    {
        if (!sectors.TryGetValue((memory, isWrite), out var touched))
        {
            touched = new bool[memory.LengthInBytes / MemoryTraffic.SectorSize + 1];
            sectors.Add((memory, isWrite), touched);
        }

        return touched;
    }

    private readonly record struct Place(SourceLine Source, Memory Memory, AccessKind Kind, int Size)
    {
        // The path of the source is one object for all its lines: no need to look at its letters.
        public bool Equals(Place other) =>
            Source.Line == other.Source.Line
            && Kind == other.Kind
            && Size == other.Size
            && ReferenceEquals(Memory, other.Memory)
            && Source.File == other.Source.File;

        public override int GetHashCode() =>
            HashCode.Combine(
                Source.Line,
                System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Memory),
                Kind,
                Size
            );
    }
}
