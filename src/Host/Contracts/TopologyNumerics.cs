using System.Globalization;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>What a Keras topology beside weights says about their numerics, held against the form they are taken for.</summary>
internal static class TopologyNumerics
{
    private const string Epsilon = "epsilon";

    /// <summary>Refuses weights whose own file contradicts their form, unless the user forces the epsilon.</summary>
    /// <param name="file">The file of weights.</param>
    /// <param name="form">The form.</param>
    /// <param name="asked">What the user says about the numerics.</param>
    /// <exception cref="ModelFormatException">The batch normalisations of the two add another epsilon.</exception>
    public static void Check(WeightFile file, Form form, NumericsOptions? asked)
    {
        var isForced = asked is { Force: true, BatchNormEpsilon: not null };
        if (file.Format != WeightFormat.TensorFlowJsLayers || isForced)
        {
            return;
        }
        var known = form.Family.BatchNormEpsilon;
        if (file.Metadata.TryGetValue(Epsilon, out var text) && Parse(text) is { } stated && stated != known)
        {
            throw new ModelFormatException(
                file.Path,
                $"its batch normalisations add an epsilon of {text}, but those of {form} add {ItemText.Of(known)}.",
                $"To compute as the file says, add --epsilon {text} --force-numerics (in the library "
                    + "NumericsOptions.BatchNormEpsilon and Force)."
            );
        }
    }

    private static double? Parse(string text) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;
}
