using System.Globalization;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Host;

/// <summary>A contract's items as text, the same on the command line and in a file's metadata.</summary>
internal static class ItemText
{
    private const string HardSigmoid = "hard-sigmoid";

    /// <summary>An enumeration's value in lower case with dashes: <c>shorter-side</c>.</summary>
    /// <param name="value">The value.</param>
    public static string Of<T>(T value)
        where T : struct, Enum =>
        string.Concat(
                value
                    .ToString()
                    .Select((letter, index) => char.IsUpper(letter) && index > 0 ? $"-{letter}" : $"{letter}")
            )
            .ToLowerInvariant();

    /// <summary>Three numbers, or one where they are equal.</summary>
    /// <param name="values">The numbers.</param>
    public static string Of(ColourValues values) =>
        values == ColourValues.Same(values.Red)
            ? Of(values.Red)
            : $"{Of(values.Red)},{Of(values.Green)},{Of(values.Blue)}";

    /// <summary>An activation: <c>relu</c>, <c>hard-sigmoid</c> for slope 1/6, <c>hard-sigmoid:0.2</c>.</summary>
    /// <param name="activation">The activation.</param>
    public static string Of(Activation activation) =>
        activation.Kind == ActivationKind.HardSigmoid && activation != Activation.HardSigmoid()
            ? $"{HardSigmoid}:{Of(activation.Slope)}"
            : Of(activation.Kind);

    /// <summary>A size as <c>HxW</c>.</summary>
    /// <param name="size">Rows and columns.</param>
    public static string Of(Extent size) => size.ToString();

    /// <summary>A number that reads back as itself.</summary>
    /// <param name="number">The number.</param>
    public static string Of(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A number that reads back as itself.</summary>
    /// <param name="number">The number.</param>
    public static string Of(float number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>All values of an enumeration, for help and errors.</summary>
    public static string Values<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Of));

    /// <summary>An enumeration's value.</summary>
    /// <param name="text">As <see cref="Of{T}(T)"/> writes it; case does not matter.</param>
    /// <exception cref="ArgumentException">It is none; the message lists all.</exception>
    public static T Parse<T>(string text)
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>();
        var index = Array.FindIndex(
            values,
            value => string.Equals(Of(value), text, StringComparison.OrdinalIgnoreCase)
        );
        return index >= 0 ? values[index] : throw new ArgumentException($"'{text}' is none of {Values<T>()}.");
    }

    /// <summary>Three numbers for red, green and blue, or one for all.</summary>
    /// <param name="text">The numbers with commas between them.</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static ColourValues ParseColours(string text)
    {
        var numbers = text.Split(',').Select(ParseNumber).ToList();
        return numbers switch
        {
            [var all] => ColourValues.Same(all),
            [var red, var green, var blue] => new(red, green, blue),
            _ => throw new ArgumentException($"'{text}' is neither one number nor three with commas between them."),
        };
    }

    /// <summary>Standard deviations, which values are divided by.</summary>
    /// <param name="text">The numbers with commas between them.</param>
    /// <exception cref="ArgumentException">They are none, or one of them is not above 0.</exception>
    public static ColourValues ParseDeviations(string text) =>
        ParseColours(text) is { Red: > 0, Green: > 0, Blue: > 0 } values
            ? values
            : throw new ArgumentException($"'{text}': a standard deviation is above 0; 1 leaves values as they are.");

    /// <summary>An activation.</summary>
    /// <param name="text">As <see cref="Of(Activation)"/> writes it.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static Activation ParseActivation(string text)
    {
        var parts = text.Split(':');
        var kind = Parse<ActivationKind>(parts[0]);
        return (kind, parts.Length) switch
        {
            (ActivationKind.HardSigmoid, 1) => Activation.HardSigmoid(),
            (ActivationKind.HardSigmoid, 2) => Activation.HardSigmoid(ParseSlope(parts[1])),
            (_, 1) => new(kind),
            _ => throw new ArgumentException($"'{text}': only {HardSigmoid} has a slope."),
        };
    }

    /// <summary>What the papers' RE means.</summary>
    /// <param name="text"><c>relu</c> or <c>relu6</c>.</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static Activation ParseRelu(string text) => NumericsOptions.CheckedRelu(ParseActivation(text));

    /// <summary>Rows and columns.</summary>
    /// <param name="text"><c>HxW</c>, or one number for a square.</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static Extent ParseExtent(string text)
    {
        var sides = text.Split('x');
        return sides.Length > 2
            ? throw new ArgumentException($"'{text}' is no resolution; expected HxW, for example 224x224.")
            : new(ParseInteger(sides[0], 1, ushort.MaxValue), ParseInteger(sides[^1], 1, ushort.MaxValue));
    }

    /// <summary>A whole number from a range.</summary>
    /// <param name="text">Digits.</param>
    /// <param name="minimum">Smallest value allowed.</param>
    /// <param name="maximum">Largest value allowed.</param>
    /// <exception cref="ArgumentException">It is no such number.</exception>
    public static int ParseInteger(string text, int minimum, int maximum) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        && value >= minimum
        && value <= maximum
            ? value
            : throw new ArgumentException($"'{text}' is no whole number from {minimum} to {maximum}.");

    /// <summary>A positive number.</summary>
    /// <param name="text">Digits with a decimal point.</param>
    /// <exception cref="ArgumentException">It is no such number.</exception>
    public static double ParsePositive(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value > 0
        && double.IsFinite(value)
            ? value
            : throw new ArgumentException($"'{text}' is no positive number.");

    // As a float: what no float holds is no number either.
    private static float ParseNumber(string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value)
            ? value
            : throw new ArgumentException($"'{text}' is no number.");

    // A float's digits, so that what was written reads back as itself.
    private static float ParseSlope(string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var slope) && slope is > 0 and <= 1
            ? slope
            : throw new ArgumentException($"'{text}' is no slope above 0 and at most 1.");
}
