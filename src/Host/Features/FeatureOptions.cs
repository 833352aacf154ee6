namespace ILGpuMobileNet.Host.Features;

/// <summary>What a <see cref="FeatureExtractor"/> is built for.</summary>
public sealed record FeatureOptions : PictureNetworkOptions
{
    /// <summary>The embedding of the trained text-direction classifier, with every default.</summary>
    public FeatureOptions() { }

    /// <summary>A given model, with every other default.</summary>
    /// <param name="model">Which network, in which variant, with which weights.</param>
    public FeatureOptions(ModelOptions model)
        : base(model) { }

    /// <summary>
    /// The features of each image, each once; the global embedding unless set. None is of a layer with random weights
    /// (<see cref="ModelOptions.NewHeadSeed"/>), nor of one after it.
    /// </summary>
    public IReadOnlyList<FeatureSource> Features { get; init; } = [FeatureSource.Embedding];
}
