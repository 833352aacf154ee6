using System.Collections.Immutable;
using System.Globalization;
using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Host;

/// <summary>
/// What a graph itself multiplies its image by and adds to it, before its first trained layer: the normalisation of
/// pictures, where an export has it.
/// </summary>
/// <param name="Layer">The layer that does so, the first of several.</param>
/// <param name="Scale">What is multiplied by; the first channel is called red.</param>
/// <param name="Offset">What is added then.</param>
internal sealed record InputFactors(string Layer, ColourValues Scale, ColourValues Offset)
{
    private const double Tolerance = 1e-4;

    // Factors below it are of pixels from 0 to 255: deviations of pictures are hardly ten times their range.
    private const float LeastOfFractions = 0.1f;

    private static readonly ImmutableArray<float> _largestPixels = [255, 1];

    /// <summary>The options that give a graph pixels as they are, for errors and notes.</summary>
    public static string PixelOptions { get; } =
        $"{Options(PixelsUpTo(255))} for pixels from 0 to 255, {Options(PixelsUpTo(1))} for pixels from 0 to 1 (in the "
        + "library PreprocessingChanges)";

    /// <summary>The layers that only multiply the image and add to it, before the first trained layer.</summary>
    /// <param name="graph">The graph.</param>
    public static ImmutableArray<Layer> LayersOf(NetworkGraph graph)
    {
        var layers = new Stack<Layer>();
        var id = TrainedLayer.Of(graph) is [var first, ..] ? first.Layer.Inputs[0] : 0;
        while (id > 0 && graph.Layers[id - 1] is var layer && TermTable.IsScaling(layer, graph.Input))
        {
            layers.Push(layer);
            id = layer.Inputs[0];
        }
        return id == 0 ? [.. layers] : [];
    }

    /// <summary>The factors of a graph; null where it has none, or such that leave the image as it is.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="valuesOf">The elements of a weight.</param>
    public static InputFactors? Of(NetworkGraph graph, Func<Parameter, ReadOnlyMemory<float>> valuesOf)
    {
        if (graph.Input.Channels != 3 || LayersOf(graph) is not [var first, ..] layers)
        {
            return null;
        }
        var (scale, offset) = (new double[] { 1, 1, 1 }, new double[3]);
        foreach (var layer in layers)
        {
            for (var c = 0; c < scale.Length; c++)
            {
                var (factor, added) = FactorsOf(layer, parameter => valuesOf(parameter).Span[c]);
                (scale[c], offset[c]) = (factor * scale[c], factor * offset[c] + added);
            }
        }
        var factors = new InputFactors(first.Name, Colours(scale), Colours(offset));
        return factors is { Scale: (1, 1, 1), Offset: (0, 0, 0) } ? null : factors;
    }

    /// <summary>Whether pictures are given as they are, as pixels from 0 to 255 or from 0 to 1.</summary>
    /// <param name="way">How they are prepared.</param>
    public static bool AreLeftOut(Preprocessing way) =>
        way.Mean == default && _largestPixels.Any(largest => AreClose(way.Std, PixelsUpTo(largest).Std, way.Std));

    /// <summary>What gives a graph pixels as they are: a mean and deviation that change nothing but the range.</summary>
    /// <param name="largest">The largest pixel, 255 or 1.</param>
    public static (ColourValues Mean, ColourValues Std) PixelsUpTo(float largest) =>
        (default, ColourValues.Same(1 / largest));

    /// <summary>The largest pixel, 255 or 1, for which the factors are a way's normalisation; null where they are another.</summary>
    /// <param name="way">How pictures are prepared.</param>
    public float? LargestPixelAs(Preprocessing way)
    {
        var (scale, offset) = (InOrder(Scale, way.Order), InOrder(Offset, way.Order));
        var range = Each(way.Std, way.Std, (deviation, _) => 1 / deviation);
        var expected = Each(way.Mean, way.Std, (mean, deviation) => -mean / deviation);
        return _largestPixels
            .Where(largest =>
                AreClose(Each(scale, scale, (factor, _) => factor * largest), range, range)
                && AreClose(offset, expected, range)
            )
            .Cast<float?>()
            .FirstOrDefault();
    }

    /// <summary>
    /// The options that say the same as the factors, with the pixels that these are of: <c>--mean 0.5 --std 0.5</c>; null
    /// where there are none, as deviations are above 0.
    /// </summary>
    /// <param name="order">The order of the channels.</param>
    public (string Options, string Pixels)? Stated(ChannelOrder order)
    {
        var (scale, offset) = (InOrder(Scale, order), InOrder(Offset, order));
        if (scale is not { Red: > 0, Green: > 0, Blue: > 0 })
        {
            return null;
        }
        var largest = _largestPixels[IsOfFractions(scale, offset) ? 1 : 0];
        var std = Each(scale, scale, (factor, _) => 1 / (largest * factor));
        var mean = Each(offset, std, (added, deviation) => added == 0 ? 0 : -added * deviation);
        return (Options((mean, std)), $"pixels from 0 to {ItemText.Of(largest)}");
    }

    /// <summary>The normalisation of a way, for errors.</summary>
    /// <param name="way">How pictures are prepared.</param>
    public static string Words(Preprocessing way) =>
        $"by mean {ItemText.Of(way.Mean)} and deviation {ItemText.Of(way.Std)}";

    /// <summary>The factors in words: <c>'rescaling' multiplies the image by 2 and adds -1</c>.</summary>
    public override string ToString() => $"'{Layer}' multiplies the image by {Text(Scale)} and adds {Text(Offset)}";

    private static bool IsOfFractions(ColourValues scale, ColourValues offset) =>
        scale.Red >= LeastOfFractions && -offset.Red / scale.Red <= 1;

    private static (double Factor, double Added) FactorsOf(Layer layer, Func<Parameter, double> valueOf)
    {
        if (layer is BatchNormLayer { Epsilon: var epsilon, Statistics: var (scale, offset, mean, variance) })
        {
            var factor = valueOf(scale) / Math.Sqrt(valueOf(variance) + epsilon);
            return (factor, valueOf(offset) - factor * valueOf(mean));
        }
        var depthwise = (ConvolutionLayer)layer;
        return (valueOf(depthwise.Weight), depthwise.Bias is null ? 0 : valueOf(depthwise.Bias));
    }

    private static bool AreClose(ColourValues found, ColourValues expected, ColourValues range) =>
        Each(found, expected, (a, b) => Math.Abs(a - b)) is var (red, green, blue)
        && red <= Tolerance * range.Red
        && green <= Tolerance * range.Green
        && blue <= Tolerance * range.Blue;

    private static string Options((ColourValues Mean, ColourValues Std) normalisation) =>
        $"--mean {Text(normalisation.Mean)} --std {Text(normalisation.Std)}";

    // Files hold what single precision made of 1/127.5: more digits would tell of that.
    private static string Text(ColourValues values) => ItemText.Of(Each(values, values, (value, _) => Rounded(value)));

    private static float Rounded(float value) =>
        float.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static ColourValues InOrder(ColourValues values, ChannelOrder order) =>
        order == ChannelOrder.Bgr ? new(values.Blue, values.Green, values.Red) : values;

    private static ColourValues Colours(double[] channels) =>
        new((float)channels[0], (float)channels[1], (float)channels[2]);

    private static ColourValues Each(ColourValues a, ColourValues b, Func<float, float, float> function) =>
        new(function(a.Red, b.Red), function(a.Green, b.Green), function(a.Blue, b.Blue));
}
