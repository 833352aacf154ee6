using System.Collections.Immutable;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host.Features;

/// <summary>Reads features from a network's values.</summary>
internal sealed class FeatureReader
{
    private readonly NetworkGraph _graph;

    /// <summary>Finds features in a network, as far as its weights are trained: random ones see nothing.</summary>
    /// <param name="model">The network.</param>
    /// <param name="features">What to give for each image.</param>
    /// <exception cref="ArgumentException">The network has no such value.</exception>
    public FeatureReader(LoadedModel model, IEnumerable<FeatureSource> features)
    {
        var graph = model.Trained;
        (_graph, Features) = (graph, [.. features]);
        Ids = [.. Features.Select(feature => feature.FindIn(graph))];
        Axes = [.. Features.Zip(Ids, (feature, id) => feature.AxesOf(graph.ShapeOf(id)))];
    }

    /// <summary>What it gives for each image.</summary>
    public ImmutableArray<FeatureSource> Features { get; }

    /// <summary>The network's values that the features are; two may be one.</summary>
    public ImmutableArray<int> Ids { get; }

    /// <summary>Axes of the <see cref="Features"/> for one image: <c>[C]</c>, or <c>[C, H, W]</c> for a map.</summary>
    public ImmutableArray<ImmutableArray<int>> Axes { get; }

    /// <summary>A copy of one image's feature, channels first.</summary>
    /// <param name="feature">Which.</param>
    /// <param name="values">The network's value, axes <c>[H, W, C]</c>.</param>
    /// <exception cref="NotFiniteNumberException">An element is NaN or infinite.</exception>
    public Tensor Copy(int feature, ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
            {
                throw new NotFiniteNumberException(
                    $"The feature '{Features[feature]}' has an element {value}, expected finite numbers. Check the weights.",
                    value
                );
            }
        }
        var copy = new float[values.Length];
        ChannelLayout.ToChannelsFirst(values, _graph.ShapeOf(Ids[feature]), copy);
        return new(Axes[feature], copy);
    }
}
