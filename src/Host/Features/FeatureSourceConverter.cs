namespace ILGpuMobileNet.Host.Features;

/// <summary>Reads names of features for those who know types only at run time, such as configuration.</summary>
internal sealed class FeatureSourceConverter() : NameConverter<FeatureSource>(FeatureSource.Parse);
