using ILGpuMobileNet.Host.Features;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>What a <see cref="MobileNetHost"/> is built for. A host keeps a copy: later changes do not reach it.</summary>
public sealed class MobileNetHostOptions
{
    /// <summary>
    /// What tells the host from others of the process: the tag <c>mobilenet.host</c> of its metrics and traces; null for
    /// no such tag.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>Which network, in which variant, with which weights.</summary>
    public ModelOptions Model { get; set; } = new();

    /// <summary>Text file with one label per line; null means the model's own labels, or numbers.</summary>
    public string? Labels { get; set; }

    /// <summary>How many classes a result lists, at least 1.</summary>
    public int TopCount { get; set; } = 5;

    /// <summary>What <see cref="MobileNetHost.EmbedAsync(string, TimeSpan?, CancellationToken)"/> gives; empty for nothing.</summary>
    public IReadOnlyList<FeatureSource> Features { get; set; } = [];

    /// <summary>
    /// Devices that share the work; the idle one takes it. A device named twice gets two sessions, so that one copies
    /// images while the other computes.
    /// </summary>
    public IReadOnlyList<DeviceName> Devices { get; set; } = [DeviceName.Auto];

    /// <summary>Threads of a session on the CPU; 0 means one per core, shared out among the sessions there.</summary>
    public int ThreadCount { get; set; }

    /// <summary>Images that go through a device at once, from 1 to <see cref="PictureNetworkOptions.LargestBatch"/>.</summary>
    public int MaximalBatch { get; set; } = 8;

    /// <summary>
    /// Sizes that batches shall have where they are not full: as soon as so many images wait, a batch of the largest such
    /// size goes to an idle device. Empty for none: then sessions share what waits where runs of fewer images are shorter.
    /// </summary>
    public IReadOnlyList<int> PreferredBatches { get; set; } = [];

    /// <summary>
    /// How long the first image of a batch waits at most for others while a device is idle. It waits only while others
    /// are on their way: being decoded, or expected back from a caller who was answered within this time. Nor does it wait
    /// longer than two runs take more than one with the images of both, as soon as runs have shown that: hardly on a CPU.
    /// </summary>
    public TimeSpan MaximalDelay { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Calls that may be under way at once: being decoded, waiting, or running.</summary>
    public int QueueCapacity { get; set; } = 1024;

    /// <summary>What happens to calls beyond <see cref="QueueCapacity"/>.</summary>
    public WhenFull WhenFull { get; set; } = WhenFull.Wait;

    /// <summary>Time within which a call is answered unless it says otherwise; null for no limit.</summary>
    public TimeSpan? TimeLimit { get; set; }

    /// <summary>Images that are decoded and resized at once; 0 means one per core.</summary>
    public int DecoderCount { get; set; }

    /// <summary>
    /// Bytes that the host may take on devices and in main memory, its sessions and the images that wait; null for no
    /// limit. A host that needs more does not start, and says for what.
    /// </summary>
    public long? MemoryBudgetBytes { get; set; }

    /// <summary>How long a device that failed is left alone before it is tried again; doubles up to 32 times that.</summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long stopping waits for a device that is running a batch, and for a picture that is being read, after all calls
    /// have ended or were given up.
    /// </summary>
    public TimeSpan StopPatience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Batches that fill, run and are answered at once.</summary>
    internal int BatchCount => 2 * Devices.Count + 1; // for each session one that runs and one whose calls are answered

    /// <summary>Pictures that are prepared at once: being decoded, waiting for a device, or running.</summary>
    internal int PreparedCount => 2 * Devices.Count * MaximalBatch + Decoders;

    /// <summary>Pictures that are decoded and resized at once.</summary>
    internal int Decoders => DecoderCount == 0 ? Environment.ProcessorCount : DecoderCount;

    /// <summary>Threads of each session on the CPU: the cores are shared out where nothing else is said.</summary>
    internal int ThreadCountOnCpu =>
        ThreadCount > 0
            ? ThreadCount
            : Math.Max(1, Environment.ProcessorCount / Math.Max(1, Devices.Count(device => device == DeviceName.Cpu)));

    /// <summary>A copy whose values are in range.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    internal MobileNetHostOptions Checked()
    {
        ArgumentNullException.ThrowIfNull(Model);
        if (Name is { Length: 0 })
        {
            throw new ArgumentException("The name of a host is empty; leave it out where it needs none.");
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(TopCount, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(ThreadCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximalBatch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaximalBatch, ClassifierOptions.LargestBatch);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximalDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaximalDelay, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(DecoderCount);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ProbeInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ProbeInterval, TimeSpan.FromHours(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(StopPatience, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(StopPatience, TimeSpan.FromHours(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(MemoryBudgetBytes ?? 1, 1, nameof(MemoryBudgetBytes));
        CheckTimeLimit(TimeLimit);
        CheckLists();
        var copy = (MobileNetHostOptions)MemberwiseClone();
        (copy.Features, copy.Devices, copy.PreferredBatches) = ([.. Features], [.. Devices], [.. PreferredBatches]);
        return copy;
    }

    /// <summary>Refuses a limit that no call can keep, or that no timer counts.</summary>
    /// <param name="limit">The limit; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0, or more than a day.</exception>
    internal static void CheckTimeLimit(TimeSpan? limit)
    {
        if (limit is { } time)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, nameof(limit));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(time, TimeSpan.FromDays(1), nameof(limit));
        }
    }

    private void CheckLists()
    {
        ArgumentNullException.ThrowIfNull(Features);
        ArgumentNullException.ThrowIfNull(Devices);
        ArgumentNullException.ThrowIfNull(PreferredBatches);
        if (Devices.Count == 0)
        {
            throw new ArgumentException("A host needs at least one device.");
        }
        foreach (var size in PreferredBatches)
        {
            if (size < 1 || size > MaximalBatch)
            {
                throw new ArgumentException(
                    $"The preferred batch {size} is not from 1 to the maximal one, {MaximalBatch}."
                );
            }
        }
    }
}
