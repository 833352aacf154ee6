using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;

namespace ILGpuMobileNet.Host;

/// <summary>
/// Items of a network's arithmetic that weights were trained under, as the user states them. They are compared with what
/// the weights' ecosystem, or the file itself, says: another value is a contradiction unless it is forced.
/// </summary>
public sealed record NumericsOptions
{
    /// <summary>Added to the variance in every batch normalisation.</summary>
    public double? BatchNormEpsilon { get; init; }

    /// <summary>How convolutions are padded.</summary>
    public PaddingRule? Padding { get; init; }

    /// <summary>What turns the expansion of a squeeze-excite into the gate.</summary>
    public Activation? Gate { get; init; }

    /// <summary>Whether what is stated here holds even where the weights are known to want something else.</summary>
    public bool Force { get; init; }

    /// <summary>The numerics to compute with.</summary>
    /// <param name="known">Those that the weights are known, or taken, to want.</param>
    /// <param name="owner">Who says so, for errors: <c>the form of keras</c>.</param>
    /// <exception cref="ArgumentException">
    /// A stated item contradicts a known one, and <see cref="Force"/> is not set; the message names both sides.
    /// </exception>
    public Family ApplyTo(Family known, string owner)
    {
        ArgumentNullException.ThrowIfNull(known);
        var contradictions = Contradictions(known).ToList();
        if (contradictions.Count > 0 && !Force)
        {
            throw new ArgumentException(
                $"What was asked for contradicts {owner}: {string.Join("; ", contradictions)}. Leave it out, or add "
                    + "--force-numerics (in the library NumericsOptions.Force) to compute with it all the same."
            );
        }
        return known with
        {
            BatchNormEpsilon = BatchNormEpsilon ?? known.BatchNormEpsilon,
            Padding = Padding ?? known.Padding,
            Gate = Gate ?? known.Gate,
        };
    }

    private IEnumerable<string> Contradictions(Family known)
    {
        if (BatchNormEpsilon is { } epsilon && epsilon != known.BatchNormEpsilon)
        {
            yield return Contradiction("epsilon", ItemText.Of(epsilon), ItemText.Of(known.BatchNormEpsilon));
        }
        if (Padding is { } padding && padding != known.Padding)
        {
            yield return Contradiction("padding", ItemText.Of(padding), ItemText.Of(known.Padding));
        }
        if (Gate is { } gate && gate != known.Gate)
        {
            yield return Contradiction("gate", ItemText.Of(gate), ItemText.Of(known.Gate));
        }
    }

    private static string Contradiction(string item, string asked, string known) =>
        $"{item} {asked} was asked for, it has {known}";
}
