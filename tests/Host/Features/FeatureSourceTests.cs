using System.ComponentModel;
using ILGpuMobileNet.Host.Features;

namespace ILGpuMobileNet.Host.Tests.Features;

public sealed class FeatureSourceTests
{
    public static TheoryData<FeatureSource> Sources { get; } =
    [
        FeatureSource.Embedding,
        FeatureSource.AtStride(16),
        FeatureSource.AtStride(int.MaxValue),
        FeatureSource.OfLayer("features.12.2"),
        FeatureSource.OfLayer("stride"),
        FeatureSource.OfLayer("stride-1"),
        FeatureSource.OfLayer("strides 16"),
        FeatureSource.OfLayer("Embedding"),
    ];

    [Theory]
    [MemberData(nameof(Sources))]
    public void Reads_its_own_names(FeatureSource source)
    {
        Assert.Equal(source, FeatureSource.Parse(source.Name));
        Assert.Equal(
            source,
            TypeDescriptor.GetConverter(typeof(FeatureSource)).ConvertFromInvariantString(source.Name)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("stride0")]
    public void Refuses_what_names_nothing(string text) =>
        Assert.ThrowsAny<ArgumentException>(() => FeatureSource.Parse(text));
}
