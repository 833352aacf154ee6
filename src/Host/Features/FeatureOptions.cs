namespace ILGpuMobileNet.Host.Features;

/// <summary>What a <see cref="FeatureExtractor"/> is built for.</summary>
public sealed record FeatureOptions : ModelOptions
{
    /// <summary>The embedding of the trained text-direction classifier, with every default.</summary>
    public FeatureOptions() { }

    /// <summary>A given model, with every other default.</summary>
    /// <param name="model">Which network, in which variant, with which weights.</param>
    public FeatureOptions(ModelOptions model)
        : base(model) { }

    /// <summary>The features of each image, each once; the global embedding unless set.</summary>
    public IReadOnlyList<FeatureSource> Features { get; init; } = [FeatureSource.Embedding];

    /// <summary>Where the network runs.</summary>
    public DeviceName Device { get; init; } = DeviceName.Auto;

    /// <summary>Threads of the CPU session; 0 means one per core.</summary>
    public int ThreadCount { get; init; }

    /// <summary>Images that go through the network at once, from 1 to <see cref="ClassifierOptions.LargestBatch"/>.</summary>
    public int MaximalBatch { get; init; } = 8;

    internal void CheckRanges()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ThreadCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximalBatch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaximalBatch, ClassifierOptions.LargestBatch);
    }
}
