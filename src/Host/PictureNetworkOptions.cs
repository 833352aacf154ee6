namespace ILGpuMobileNet.Host;

/// <summary>What is built to put pictures through a network: which network, where it runs, how many pictures at once.</summary>
public abstract record PictureNetworkOptions : ModelOptions
{
    /// <summary>Largest batch that can be asked for.</summary>
    public const int LargestBatch = 4096;

    /// <summary>The trained text-direction classifier, with every default.</summary>
    private protected PictureNetworkOptions() { }

    /// <summary>A given model, with every other default.</summary>
    /// <param name="model">Which network, in which variant, with which weights.</param>
    private protected PictureNetworkOptions(ModelOptions model)
        : base(model) { }

    /// <summary>Where the network runs.</summary>
    public DeviceName Device { get; init; } = DeviceName.Auto;

    /// <summary>Threads of the CPU session; 0 means one per core.</summary>
    public int ThreadCount { get; init; }

    /// <summary>Images that go through the network at once, from 1 to <see cref="LargestBatch"/>.</summary>
    public int MaximalBatch { get; init; } = 8;

    internal virtual void CheckRanges()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ThreadCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximalBatch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaximalBatch, LargestBatch);
    }
}
