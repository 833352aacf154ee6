namespace ILGpuMobileNet.Host;

/// <summary>What a <see cref="Classifier"/> is built for.</summary>
public sealed record ClassifierOptions : PictureNetworkOptions
{
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

    internal override void CheckRanges()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(TopCount, 1);
        base.CheckRanges();
    }
}
