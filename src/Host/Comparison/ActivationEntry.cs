using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Host.Comparison;

/// <summary>An array of activations: what a layer gave for every image.</summary>
/// <param name="Name">Name of the layer, or of the array in its file.</param>
/// <param name="Axes">Axes of the array, the images outermost.</param>
/// <param name="Layout">The order of its axes; null where only the axes tell.</param>
/// <param name="IsArithmetic">Whether it is a sum, a product or a move of channels, for which most frameworks have no module.</param>
public sealed record ActivationEntry(
    string Name,
    ImmutableArray<int> Axes,
    ActivationLayout? Layout = null,
    bool IsArithmetic = false
)
{
    /// <summary>
    /// Whether it is a convolution that may have a normalisation folded into it: with a bias, none behind it, and weights
    /// that are not called as a layer's own are.
    /// </summary>
    internal bool MayBeFolded { get; init; }

    /// <summary>What the axes can mean, channels first before channels last; nothing where they are none or too many.</summary>
    internal IEnumerable<ActivationShape> Readings =>
        Batched switch
        {
            [var n, var c] => [new(n, new(1, 1, c), ActivationLayout.ChannelsFirst)],
            [var n, var first, var second, var third] =>
            [
                .. new ActivationShape[]
                {
                    new(n, new(second, third, first), ActivationLayout.ChannelsFirst),
                    new(n, new(first, second, third), ActivationLayout.ChannelsLast),
                }.Where(reading => Layout is null || reading.Layout == Layout),
            ],
            _ => [],
        };

    /// <summary>The axes with that of the images, which a single one may lack.</summary>
    private ImmutableArray<int> Batched => Axes.Length is 1 or 3 ? [1, .. Axes] : Axes;

    /// <summary>The axes in brackets.</summary>
    internal string AxesText => $"[{string.Join(", ", Axes)}]";
}

/// <summary>The order of an array's axes.</summary>
public enum ActivationLayout
{
    /// <summary><c>[N, C, H, W]</c>, as PyTorch and ONNX have it.</summary>
    ChannelsFirst,

    /// <summary><c>[N, H, W, C]</c>, as Keras and this library have it.</summary>
    ChannelsLast,
}

/// <summary>What an array's axes mean.</summary>
/// <param name="Images">Images N.</param>
/// <param name="Shape">Rows, columns and channels of an image.</param>
/// <param name="Layout">The order in which they lie.</param>
internal readonly record struct ActivationShape(int Images, FeatureShape Shape, ActivationLayout Layout)
{
    /// <summary>Whether another array holds as many numbers along each axis, in either order.</summary>
    public bool Fits(ActivationShape other) => Images == other.Images && Shape == other.Shape;

    /// <summary>The axes in the order <c>N, H, W, C</c>, in brackets.</summary>
    public string Text => $"[{string.Join(", ", Axes)}]";

    private int[] Axes => [Images, Shape.Height, Shape.Width, Shape.Channels];

    /// <summary>Axes along which another array holds as many numbers.</summary>
    public int EqualAxes(ActivationShape other) => Axes.Zip(other.Axes).Count(axis => axis.First == axis.Second);
}
