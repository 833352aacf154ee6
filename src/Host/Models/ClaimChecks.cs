using System.Collections.Immutable;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>What a file of weights, its contract and the user say, held against each other.</summary>
internal static class ClaimChecks
{
    private const string FeaturesRemedy =
        "Its features need none: 'mobilenet features' (in the library FeatureExtractor).";

    /// <summary>What to do about a classifier that is missing, or has not the classes that are wanted.</summary>
    internal const string NewHeadRemedy =
        "For a new classifier over the other weights add --new-head SEED --classes N (in the library NewHeadSeed and Classes).";

    /// <summary>Refuses a file without a classifier that is known, where that is needed.</summary>
    /// <param name="fit">What the file fits best, if anything.</param>
    /// <param name="options">What the user says.</param>
    /// <param name="file">The open file.</param>
    /// <exception cref="ModelFormatException">It lacks a classifier, or has one of its own.</exception>
    public static void Head(WeightFit? fit, ModelOptions options, WeightFile file)
    {
        if (options.MayLackHead)
        {
            return;
        }
        if (fit is { IsHeadless: true })
        {
            throw new ModelFormatException(
                file.Path,
                $"it is {fit}: missing {string.Join("; ", fit.Missing)}.",
                $"{FeaturesRemedy} {NewHeadRemedy}"
            );
        }
        if (fit is { HasOwnHead: true })
        {
            throw new ModelFormatException(
                file.Path,
                $"it is {fit}: {Subject(file, fit.Unused)} not of a classifier that is known.",
                $"{FeaturesRemedy} {NewHeadRemedy} For the whole network export it as ONNX."
            );
        }
    }

    private static string Subject(WeightFile file, ImmutableArray<string> names)
    {
        var shapes = file.Tensors.ToLookup(tensor => tensor.Name, tensor => tensor.Shape);
        var named = NameList.Of([.. names.Select(name => $"'{name}' {GraphRules.Text(shapes[name].First())}")]);
        return $"{named} {(names.Length == 1 ? "is" : "are")}";
    }

    /// <summary>Refuses a number of classes that the file has not.</summary>
    /// <param name="options">What the user says.</param>
    /// <param name="fit">What the file fits.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentException">It has another one, or no classifier that is known.</exception>
    public static void Classes(ModelOptions options, WeightFit fit, string path)
    {
        // A network that ends in a feature map says so itself.
        if (options.Classes is { } asked && (fit.Classes is not null || !fit.IsExact))
        {
            var known = fit.Classes is { } classes ? ItemText.Of(classes) : "none";
            Contradictions.Refuse(
                $"the weights in '{path}'",
                [Contradictions.Of("classes", ItemText.Of(asked), known)],
                $"Leave it out. {NewHeadRemedy}"
            );
        }
    }

    /// <summary>Refuses a contract of another network.</summary>
    /// <param name="chosen">The contract that the user names, if any.</param>
    /// <param name="architecture">The network.</param>
    /// <param name="owner">The file or name that it is known from.</param>
    /// <exception cref="ArgumentException">It is of another one.</exception>
    public static void Architecture(WeightContract? chosen, Architecture architecture, string owner)
    {
        if (chosen is not null && chosen.Architecture != architecture.Name)
        {
            throw new ArgumentException(
                $"The contract {chosen} is of {chosen.Architecture}, but '{owner}' is {architecture}."
            );
        }
    }

    /// <summary>Refuses a contract of another width, whose weights may have been trained otherwise.</summary>
    /// <param name="chosen">The contract that the user names, if any.</param>
    /// <param name="width">The file's width multiplier.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentException">It is of another one.</exception>
    public static void Width(WeightContract? chosen, double width, string path)
    {
        if (chosen is not null && !chosen.IsOfWidth(width))
        {
            throw new ArgumentException(
                $"The contract {chosen} is of width {ItemText.Of(chosen.Width!.Value)}, but '{path}' has tensors of width "
                    + $"{ItemText.Of(width)}. Name another, or say how pictures are prepared by options of their own."
            );
        }
    }

    /// <summary>
    /// Refuses a contract with one class too many or too few, which is the background: every label would be that of its
    /// neighbour.
    /// </summary>
    /// <param name="chosen">The contract that the user names, if any.</param>
    /// <param name="classes">Classes of the file, if it has any.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentException">It is so.</exception>
    public static void Background(WeightContract? chosen, int? classes, string path)
    {
        if (chosen?.Classes is { } expected && classes is { } actual && Math.Abs(expected - actual) == 1)
        {
            throw new ArgumentException(
                $"The contract {chosen} has {expected} classes, but '{path}' has {actual}: one of them counts a "
                    + "background. Name the contract that fits."
            );
        }
    }
}
