using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;

namespace ILGpuMobileNet.Host;

/// <summary>An item of the arithmetic that is another one than usual.</summary>
/// <param name="Item">What it is called: <c>padding</c>.</param>
/// <param name="Stated">What it is.</param>
/// <param name="Known">What it usually is.</param>
internal readonly record struct NumericsDifference(string Item, string Stated, string Known)
{
    /// <summary>Both sides in words: <c>padding symmetric instead of same</c>.</summary>
    public override string ToString() => $"{Item} {Stated} instead of {Known}";
}

/// <summary>
/// Items of a network's arithmetic that weights were trained under, as the user states them. They are compared with what
/// the weights' ecosystem, or the file itself, says: another value is a contradiction unless it is forced.
/// </summary>
public sealed record NumericsOptions
{
    private const string Remedy =
        "Leave it out, or add --force-numerics (in the library NumericsOptions.Force) to compute with it all the same.";

    /// <summary>Added to the variance in every batch normalisation.</summary>
    public double? BatchNormEpsilon { get; init; }

    /// <summary>How convolutions are padded.</summary>
    public PaddingRule? Padding { get; init; }

    /// <summary>What turns the expansion of a squeeze-excite into the gate.</summary>
    public Activation? Gate { get; init; }

    /// <summary>What the papers' RE means: <see cref="Activation.Relu"/> or <see cref="Activation.Relu6"/>.</summary>
    public Activation? Relu { get; init; }

    /// <summary>Whether what is stated here holds even where the weights are known to want something else.</summary>
    public bool Force { get; init; }

    /// <summary>The numerics to compute with.</summary>
    /// <param name="known">Those that the weights are known, or taken, to want.</param>
    /// <param name="owner">Who says so, for errors: <c>the form of keras</c>.</param>
    /// <exception cref="ArgumentException">
    /// A stated item contradicts a known one, and <see cref="Force"/> is not set; the message names both sides. Or
    /// <see cref="Relu"/> is another function, or the epsilon is no positive number.
    /// </exception>
    public Family ApplyTo(Family known, string owner)
    {
        ArgumentNullException.ThrowIfNull(known);
        if (!Force)
        {
            Contradictions.Refuse(owner, ContradictionsOf(known), Remedy);
        }
        return known with
        {
            BatchNormEpsilon = BatchNormEpsilon is { } epsilon ? CheckedEpsilon(epsilon) : known.BatchNormEpsilon,
            Padding = Padding ?? known.Padding,
            Gate = Gate ?? known.Gate,
            Relu = Relu is { } relu ? CheckedRelu(relu) : known.Relu,
        };
    }

    /// <summary>What RE may mean.</summary>
    /// <param name="relu">The function.</param>
    /// <returns>The function.</returns>
    /// <exception cref="ArgumentException">It is neither ReLU nor ReLU6.</exception>
    internal static Activation CheckedRelu(Activation relu) =>
        relu.Kind is ActivationKind.Relu or ActivationKind.Relu6
            ? relu
            : throw new ArgumentException($"'{ItemText.Of(relu)}' is neither relu nor relu6, one of which RE is.");

    /// <summary>How to compute with what a file says, where it contradicts the network that its weights are of.</summary>
    /// <param name="options">The tool's options that say the same as the file: <c>--activation relu</c>.</param>
    internal static string RemedyBy(IEnumerable<string> options) =>
        $"To compute as the file says, add {string.Join(' ', options)} --force-numerics (in the library NumericsOptions, "
        + "with Force).";

    /// <summary>All items of an arithmetic.</summary>
    /// <param name="family">The arithmetic.</param>
    internal static NumericsOptions Of(Family family) =>
        new()
        {
            BatchNormEpsilon = family.BatchNormEpsilon,
            Padding = family.Padding,
            Gate = family.Gate,
            Relu = family.Relu,
        };

    /// <summary>The stated items that are other than known ones.</summary>
    /// <param name="known">The known ones.</param>
    internal IEnumerable<NumericsDifference> DifferencesFrom(Family known)
    {
        (string Item, string? Stated, string Known)[] items =
        [
            (
                "epsilon",
                BatchNormEpsilon is { } epsilon ? ItemText.Of(epsilon) : null,
                ItemText.Of(known.BatchNormEpsilon)
            ),
            ("padding", Padding is { } padding ? ItemText.Of(padding) : null, ItemText.Of(known.Padding)),
            ("gate", Gate is { } gate ? ItemText.Of(gate) : null, ItemText.Of(known.Gate)),
            ("activation", Relu is { } relu ? ItemText.Of(relu) : null, ItemText.Of(known.Relu)),
        ];
        return items
            .Where(item => item.Stated is not null && item.Stated != item.Known)
            .Select(item => new NumericsDifference(item.Item, item.Stated!, item.Known));
    }

    private static double CheckedEpsilon(double epsilon) =>
        epsilon > 0 && double.IsFinite(epsilon)
            ? epsilon
            : throw new ArgumentException($"Got epsilon {ItemText.Of(epsilon)}, expected a positive number.");

    private IEnumerable<string?> ContradictionsOf(Family known) =>
        DifferencesFrom(known).Select(item => Contradictions.Of(item.Item, item.Stated, item.Known));
}
