using System.Collections.Immutable;
using System.ComponentModel;
using System.Globalization;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Host.Features;

/// <summary>Which of a network's values is a feature.</summary>
[TypeConverter(typeof(FeatureSourceConverter))]
public sealed record FeatureSource
{
    private const int ShownNames = 5;
    private const string StridePrefix = "stride";

    private readonly int? _stride;
    private readonly string? _layer;

    private FeatureSource(string name, int? stride = null, string? layer = null) =>
        (Name, _stride, _layer) = (name, stride, layer);

    /// <summary>What the global pool before the classifier gives: one number for each channel.</summary>
    public static FeatureSource Embedding { get; } = new("embedding");

    /// <summary>What it is called: <c>embedding</c>, <c>stride16</c>, or the layer's name.</summary>
    public string Name { get; }

    /// <summary>
    /// The last feature map at a stride, before a coarser one: at 32 what the global pool reads, at 16 the expansion in
    /// the block that goes to 32, as the MobileNetV3 paper takes them for detection (arXiv:1905.02244, section 6.3).
    /// </summary>
    /// <param name="stride">Rows and columns of the image from one position to the next.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public static FeatureSource AtStride(int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        return new($"{StridePrefix}{stride}", stride: stride);
    }

    /// <summary>What a layer gives.</summary>
    /// <param name="name">Its name, as <c>mobilenet summary</c> lists it.</param>
    public static FeatureSource OfLayer(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(name, layer: name);
    }

    /// <summary>Reads a name as <see cref="Name"/> has it; a layer of such a name is had by <see cref="OfLayer"/> only.</summary>
    /// <param name="text"><c>embedding</c>, <c>stride</c> and a number, or a layer's name.</param>
    /// <exception cref="ArgumentException">It is empty, or a stride of 0.</exception>
    public static FeatureSource Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var isStride = text.StartsWith(StridePrefix, StringComparison.Ordinal);
        return text == Embedding.Name ? Embedding
            : isStride && int.TryParse(text.AsSpan(StridePrefix.Length), NumberStyles.None, null, out var stride)
                ? AtStride(stride)
            : OfLayer(text);
    }

    /// <summary>The value of a network.</summary>
    /// <param name="graph">The network.</param>
    /// <exception cref="ArgumentException">It has no such value.</exception>
    internal int FindIn(NetworkGraph graph)
    {
        var id = (_layer, _stride) switch
        {
            ({ } layer, _) => graph.Layers.ToList().FindIndex(candidate => candidate.Name == layer) + 1,
            (_, { } stride) => FeatureLevels.Strides(graph).LastIndexOf(Extent.Square(stride)),
            _ => FeatureLevels.Embedding(graph) ?? 0,
        };
        return id > 0 ? id : throw new ArgumentException(DescribeLack(graph));
    }

    /// <summary>Axes of an image's feature: channels alone for the embedding and where there is one position.</summary>
    /// <param name="shape">Its shape.</param>
    internal ImmutableArray<int> AxesOf(FeatureShape shape) =>
        _stride is null && shape.PixelCount == 1 ? [shape.Channels] : [shape.Channels, shape.Height, shape.Width];

    private string DescribeLack(NetworkGraph graph)
    {
        if (_stride is { } stride)
        {
            var strides = FeatureLevels.Strides(graph).Skip(1).OfType<Extent>().Distinct();
            return $"{graph.Name} has no feature map at stride {stride}; it has {string.Join(", ", strides)}.";
        }
        var last = string.Join(", ", graph.Layers.Select(layer => layer.Name).TakeLast(ShownNames));
        return _layer is null
            ? $"{graph.Name} has no embedding: no global pool before its output {graph.Output}. Ask for a stride or a layer."
            : $"{graph.Name} has no layer '{_layer}'; its last are {last}. 'mobilenet summary' lists all.";
    }
}
