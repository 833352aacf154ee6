namespace ILGPU.Emulation;

/// <summary>Counts what one request of a warp moves.</summary>
internal sealed class RequestCounter(int warpSize)
{
    private const int BankCount = 32;
    private const int BankWidth = 4;

    // What shared memory serves in one cycle: 32 lanes with 4 bytes, 16 with 8, 8 with 16.
    private const int CycleBytes = BankCount * BankWidth;

    private readonly List<long> items = [];
    private readonly int[] banks = new int[BankCount];

    public void CountSectors(ReadOnlySpan<long> addresses, int size, MemoryTraffic traffic, bool[] touched)
    {
        traffic.RequestCount++;

        // In units that an element is a whole number of, so that elements that overlap count once.
        var unit = size & -size;
        Collect(addresses, size, unit);
        traffic.UsedBytes += (long)items.Count * unit;
        Collect(addresses, size, MemoryTraffic.LineSize);
        traffic.LineCount += items.Count;
        Collect(addresses, size, MemoryTraffic.SectorSize);
        traffic.SectorCount += items.Count;
        foreach (var sector in items)
        {
            touched[sector] = true;
        }
    }

    /// <summary>Cycles beyond those of a request in which no two lanes ask one bank for different words.</summary>
    public int CountConflicts(ReadOnlySpan<long> addresses, int size)
    {
        var lanes = Math.Max(Math.Min(CycleBytes / Math.Max(size, BankWidth), warpSize), 1);
        var extra = 0;
        for (var first = 0; first < warpSize; first += lanes)
        {
            Collect(addresses.Slice(first, Math.Min(lanes, warpSize - first)), size, BankWidth);
            Array.Clear(banks);
            foreach (var word in items)
            {
                banks[word % BankCount]++;
            }

            extra += Math.Max(banks.Max() - 1, 0);
        }

        return extra;
    }

    /// <summary>The different units that the lanes touch.</summary>
    private void Collect(ReadOnlySpan<long> addresses, int size, int unit)
    {
        items.Clear();
        foreach (var at in addresses)
        {
            for (var item = at / unit; at >= 0 && item <= (at + size - 1) / unit; item++)
            {
                items.Add(item);
            }
        }

        items.Sort();
        var count = 0;
        for (var item = 0; item < items.Count; item++)
        {
            if (count == 0 || items[item] != items[count - 1])
            {
                items[count++] = items[item];
            }
        }

        items.RemoveRange(count, items.Count - count);
    }
}
