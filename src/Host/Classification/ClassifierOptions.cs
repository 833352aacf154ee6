namespace ILGpuMobileNet.Host;

/// <summary>What a <see cref="Classifier"/> is built for.</summary>
public sealed record ClassifierOptions : ModelOptions
{
    /// <summary>Largest batch that can be asked for.</summary>
    public const int LargestBatch = 4096;

    /// <summary>The trained text-direction classifier, with every default.</summary>
    public ClassifierOptions() { }

    /// <summary>A given model, with every other default.</summary>
    /// <param name="model">Which network, in which variant, with which weights.</param>
    public ClassifierOptions(ModelOptions model)
        : base(model) { }

    /// <summary>Text file with one label per line; null means the model's own labels, or numbers.</summary>
    public string? Labels { get; init; }

    /// <summary>How many classes a result lists, at least 1.</summary>
    public int TopCount { get; init; } = 5;

    /// <summary>Where the network runs.</summary>
    public DeviceName Device { get; init; } = DeviceName.Auto;

    /// <summary>Threads of the CPU session; 0 means one per core.</summary>
    public int ThreadCount { get; init; }

    /// <summary>Images that go through the network at once, from 1 to <see cref="LargestBatch"/>.</summary>
    public int MaximalBatch { get; init; } = 8;

    internal void CheckRanges()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(TopCount, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(ThreadCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximalBatch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaximalBatch, LargestBatch);
    }
}
