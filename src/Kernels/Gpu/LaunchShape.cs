using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>Sizes of launches whose threads are numbered through.</summary>
internal static class LaunchShape
{
    private const int UsualGroup = 256;
    private const int SmallestGroup = 64; // two warps hide a little of each other's waiting
    private const int LargestGroup = 512;

    /// <summary>The sizes of groups that a measurement may choose from.</summary>
    public static IReadOnlyList<int> GroupSizes { get; } = [SmallestGroup, 128, UsualGroup, LargestGroup];

    /// <summary>The rule: groups of 256 threads, or of fewer where so many would leave multiprocessors without one.</summary>
    /// <param name="limits">The device.</param>
    /// <param name="threadCount">Threads with work, at least 1.</param>
    public static int GroupSizeFor(DeviceLimits limits, int threadCount)
    {
        var size = UsualGroup;
        while (size > SmallestGroup && (long)size * limits.MultiprocessorCount > threadCount)
        {
            size /= 2;
        }
        return Math.Min(size, limits.MaximalGroupSize);
    }

    /// <summary>Groups of a size; threads from <paramref name="threadCount"/> on have nothing to do.</summary>
    /// <param name="threadCount">Threads with work, at least 1.</param>
    /// <param name="groupSize">Threads of a group.</param>
    public static KernelConfig Flat(int threadCount, int groupSize) =>
        new(checked(threadCount + groupSize - 1) / groupSize, groupSize);

    /// <summary>Groups of the size that the rule gives.</summary>
    /// <param name="limits">The device.</param>
    /// <param name="threadCount">Threads with work, at least 1.</param>
    public static KernelConfig Flat(DeviceLimits limits, int threadCount) =>
        Flat(threadCount, GroupSizeFor(limits, threadCount));

    /// <summary>Elements of a batch of feature maps, in <see cref="Float4"/>.</summary>
    /// <param name="batch">Images.</param>
    /// <param name="shape">One image.</param>
    /// <exception cref="ArgumentException">They are more than kernels can index.</exception>
    public static int ElementCount(int batch, FeatureShape shape)
    {
        var count = (double)batch * shape.PixelCount * Float4.CountFor(shape.Channels);
        return count * 4 <= int.MaxValue - LargestGroup
            ? (int)count
            : throw new ArgumentException(
                $"A batch of {batch} feature maps of {shape} has {count * 4} numbers; kernels index with 32 bits and "
                    + $"take at most {int.MaxValue - LargestGroup}. Use a smaller batch."
            );
    }

    /// <summary>Refuses a view that is too short.</summary>
    /// <param name="length">Its elements.</param>
    /// <param name="expected">Elements needed.</param>
    /// <param name="name">Name of the argument.</param>
    /// <exception cref="ArgumentException">It is too short.</exception>
    public static void CheckLength(long length, int expected, string name)
    {
        if (length < expected)
        {
            throw new ArgumentException($"{name} has {length} elements, expected at least {expected}.", name);
        }
    }
}
