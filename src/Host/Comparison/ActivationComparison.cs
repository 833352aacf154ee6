using System.Collections.Immutable;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host.Comparison;

/// <summary>Finds the first layer at which two sides give different values.</summary>
public static class ActivationComparison
{
    /// <summary>Largest difference, as a part of a layer's largest |value|, that rounding explains.</summary>
    public const double DefaultTolerance = 1e-4;

    /// <summary>Compares two sides layer by layer.</summary>
    /// <param name="a">One side.</param>
    /// <param name="b">The other side.</param>
    /// <param name="tolerance">Largest difference, as a part of the layer's largest |value|, that is no divergence.</param>
    /// <param name="cancellationToken">Stops between two layers.</param>
    /// <exception cref="ArgumentException">The sides have no layer in common.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative or not finite.</exception>
    /// <exception cref="ModelFormatException">A file of activations is damaged.</exception>
    /// <exception cref="IOException">A file of activations cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ComparisonReport Run(
        ActivationSet a,
        ActivationSet b,
        double tolerance = DefaultTolerance,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (!(tolerance >= 0 && double.IsFinite(tolerance)))
        {
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "Expected a finite part of 0 or more.");
        }
        var pairing = ActivationPairing.Of(a, b, cancellationToken);
        var shapes = new PairedShapes(pairing.Pairs);
        var layers = new List<LayerDifference>();
        foreach (var pair in pairing.Pairs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            layers.Add(
                shapes.Of(pair) is { } shape
                    ? Compare(
                        pair,
                        ChannelsLast(a.Read(pair.A.Name, cancellationToken), shape.A),
                        ChannelsLast(b.Read(pair.B.Name, cancellationToken), shape.B),
                        (shape.A, tolerance)
                    )
                    : OfOtherShape(pair, shapes)
            );
        }
        var (onlyA, onlyB) = (
            Others(a, pairing.Pairs.Select(pair => pair.A)),
            Others(b, pairing.Pairs.Select(pair => pair.B))
        );
        return new(a.Name, b.Name, tolerance, pairing.IsByName, layers, onlyA, onlyB)
        {
            IsConclusive = pairing.IsConclusive(a, b),
        };
    }

    private static LayerDifference Compare(
        ActivationPair pair,
        ReadOnlyMemory<float> a,
        ReadOnlyMemory<float> b,
        (ActivationShape Shape, double Tolerance) limits
    )
    {
        var difference = ArrayDifference.Of(a.Span, b.Span);
        return new(pair.A.Name, pair.B.Name, $"{limits.Shape.Shape}", !(difference.Relative <= limits.Tolerance))
        {
            LargestValue = difference.LargestValue,
            Difference = difference.Largest,
            RelativeDifference = difference.Relative,
            Place = difference.Index is { } index ? PlaceOf(index, limits.Shape, a.Span[index], b.Span[index]) : null,
        };
    }

    private static LayerDifference OfOtherShape(ActivationPair pair, PairedShapes shapes)
    {
        var isWithLayout = pair.A.Layout is not null || pair.B.Layout is not null;
        var (a, b) =
            isWithLayout && shapes.Nearest(pair) is { } nearest
                ? (nearest.A.Text, nearest.B.Text)
                : (pair.A.AxesText, pair.B.AxesText);
        return new(pair.A.Name, pair.B.Name, a, Diverges: true) { OtherShape = b };
    }

    private static DifferencePlace PlaceOf(int index, ActivationShape shape, float a, float b)
    {
        var (pixel, channel) = Math.DivRem(index, shape.Shape.Channels);
        var (line, column) = Math.DivRem(pixel, shape.Shape.Width);
        var (image, row) = Math.DivRem(line, shape.Shape.Height);
        return new(image, row, column, channel, a, b);
    }

    private static ReadOnlyMemory<float> ChannelsLast(ReadOnlyMemory<float> values, ActivationShape shape)
    {
        if (shape.Layout == ActivationLayout.ChannelsLast || shape.Shape.PixelCount == 1)
        {
            return values;
        }
        var moved = new float[values.Length];
        ChannelLayout.ToChannelsLast(values.Span, shape.Shape, moved);
        return moved;
    }

    private static ImmutableArray<string> Others(ActivationSet side, IEnumerable<ActivationEntry> paired) =>
        [.. side.Entries.Select(entry => entry.Name).Except(paired.Select(entry => entry.Name))];
}
