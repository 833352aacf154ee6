namespace ILGPU.Emulation;

/// <summary>The accesses of a group at one place of the source, by warp, time and lane.</summary>
internal sealed class AccessSite(Memory memory, AccessKind kind, int size, int groupSize, int warpSize)
{
    /// <summary>Where a lane made no access.</summary>
    public const long None = -1;

    private readonly int[] times = new int[groupSize];
    private readonly long[][] addresses = CreateWarps((groupSize + warpSize - 1) / warpSize, warpSize);

    public Memory Memory => memory;
    public AccessKind Kind => kind;
    public int Size => size;

    public void Add(int thread, long at)
    {
        var (warp, lane) = Math.DivRem(thread, warpSize);
        var place = times[thread]++ * warpSize + lane;
        if (place >= addresses[warp].Length)
        {
            Grow(ref addresses[warp]);
        }

        addresses[warp][place] = at;
    }

    public int TimesOf(int warp)
    {
        var first = warp * warpSize;
        var most = 0;
        for (var thread = first; thread < Math.Min(first + warpSize, groupSize); thread++)
        {
            most = Math.Max(most, times[thread]);
        }

        return most;
    }

    public ReadOnlySpan<long> Request(int warp, int time) => addresses[warp].AsSpan(time * warpSize, warpSize);

    public void Clear()
    {
        for (var warp = 0; warp < addresses.Length; warp++)
        {
            addresses[warp].AsSpan(0, TimesOf(warp) * warpSize).Fill(None);
        }

        Array.Clear(times);
    }

    private static long[][] CreateWarps(int count, int warpSize)
    {
        var warps = new long[count][];
        for (var warp = 0; warp < count; warp++)
        {
            warps[warp] = new long[warpSize];
            Array.Fill(warps[warp], None);
        }

        return warps;
    }

    private static void Grow(ref long[] places)
    {
        var length = places.Length;
        Array.Resize(ref places, 2 * length);
        Array.Fill(places, None, length, length);
    }
}
