using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Network.Graph;

/// <summary>What every layer of a graph is held to, so that kernels can rely on shapes, sizes and weights.</summary>
internal static class GraphRules
{
    private const long MaximalPixelCount = 1L << 30;
    private const long MaximalElementCount = 1L << 40;
    private const long MaximalChannelCount = 1 << 20;

    /// <summary>Checks that a feature map can be counted and addressed.</summary>
    /// <param name="name">Who makes it.</param>
    /// <param name="shape">Its shape, every axis at least 1.</param>
    public static void CheckSize(string name, FeatureShape shape)
    {
        if (shape.PixelCount > MaximalPixelCount || shape.PixelCount * shape.Channels > MaximalElementCount)
        {
            throw new ArgumentException(
                $"'{name}' makes {shape}; a feature map has at most {MaximalPixelCount} positions and "
                    + $"{MaximalElementCount} elements. Use a smaller input resolution."
            );
        }
    }

    /// <summary>Checks that channels which are only moved are few enough to be listed.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <param name="channels">Channels that it reads.</param>
    public static void CheckMovedChannels(string layer, long channels)
    {
        if (channels > MaximalChannelCount)
        {
            throw new ArgumentException(
                $"Layer '{layer}' moves {channels} channels; at most {MaximalChannelCount} can be moved."
            );
        }
    }

    /// <summary>Checks that a tensor is a vector of one number for each channel or output.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <param name="vector">The tensor with what it is called.</param>
    /// <param name="expected">How many numbers, and of what.</param>
    public static void CheckVector(string layer, Parameter vector, (int Count, string Of) expected)
    {
        if (vector.Shape is not [var count] || count != expected.Count)
        {
            throw new ArgumentException(
                $"Layer '{layer}': '{vector.Name}' {Text(vector.Shape)} does not fit {expected.Count} {expected.Of}."
            );
        }
    }

    /// <summary>Checks that every window of a pooling sees part of the input.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <param name="window">The window, which fits into the padded input.</param>
    /// <param name="input">Shape of what is pooled.</param>
    public static void CheckWindowsSeeInput(string layer, Window window, FeatureShape input)
    {
        var ranges = TapRange.Rows(window, input).Concat(TapRange.Columns(window, input));
        var isEmpty = ranges.Any(range => range.Count == 0);
        if (isEmpty)
        {
            throw new ArgumentException(
                $"Layer '{layer}': a {window.Kernel} window over {input} with padding {window.Padding} sees only padding "
                    + "at an edge. Pad by less than the window."
            );
        }
    }

    /// <summary>Axes as <c>[a, b]</c>.</summary>
    public static string Text(ImmutableArray<int> shape) => $"[{string.Join(", ", shape)}]";
}
