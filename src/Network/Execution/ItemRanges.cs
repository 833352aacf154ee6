using System.Runtime.InteropServices;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>
/// The items of an operation, cut into a range for each thread. Items lie in the order of images and rows, so that the
/// same thread gets the same part of every feature map, which its cache still holds from the operation before. Who has
/// done with a range helps with the others.
/// </summary>
/// <param name="count">Ranges, at least 1.</param>
internal sealed class ItemRanges(int count)
{
    private readonly Range[] _ranges = new Range[count];

    /// <summary>The rest of a range; a pair of cache lines of its own, since threads write to it all the time.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Range
    {
        [FieldOffset(64)]
        public int Next;

        [FieldOffset(68)]
        public int End;
    }

    /// <summary>Whether an item is left.</summary>
    public bool HasItems
    {
        get
        {
            foreach (ref var range in _ranges.AsSpan())
            {
                if (Volatile.Read(ref range.Next) < range.End)
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>Begins an operation; nobody may be taking items.</summary>
    /// <param name="itemCount">Its items.</param>
    public void Reset(int itemCount)
    {
        for (var i = 0; i < _ranges.Length; i++)
        {
            _ranges[i].End = SimdOperation.Part(itemCount, _ranges.Length, i + 1);
            Volatile.Write(ref _ranges[i].Next, SimdOperation.Part(itemCount, _ranges.Length, i));
        }
    }

    /// <summary>Takes an item, of the thread's own range as long as it has one.</summary>
    /// <param name="thread">Number of the thread.</param>
    /// <param name="item">The item.</param>
    public bool TryTake(int thread, out int item)
    {
        for (var i = 0; i < _ranges.Length; i++)
        {
            ref var range = ref _ranges[(thread + i) % _ranges.Length];
            if (Volatile.Read(ref range.Next) < range.End)
            {
                item = Interlocked.Increment(ref range.Next) - 1;
                if (item < range.End)
                {
                    return true;
                }
            }
        }
        item = -1;
        return false;
    }

    /// <summary>Leaves nothing to be taken.</summary>
    public void Clear()
    {
        foreach (ref var range in _ranges.AsSpan())
        {
            Interlocked.Exchange(ref range.Next, range.End);
        }
    }
}
