using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Cli.Options;

/// <summary>Options whose text has a form of its own; text that has not is a usage error.</summary>
internal static class Parsed
{
    /// <summary>An option read by a function.</summary>
    /// <param name="name">Its name, with the dashes.</param>
    /// <param name="valueName">What help calls its value.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="parse">Reads the text; throws <see cref="ArgumentException"/> on text that it cannot read.</param>
    public static Option<T> Option<T>(string name, string valueName, string description, Func<string, T> parse) =>
        new(name)
        {
            HelpName = valueName,
            Description = description,
            CustomParser = result => Read(result, name, tokens => parse(tokens[^1])),
        };

    /// <summary>An option that may be given several times.</summary>
    /// <param name="name">Its name, with the dashes.</param>
    /// <param name="valueName">What help calls its value.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="parse">Reads one text; throws <see cref="ArgumentException"/> on text that it cannot read.</param>
    public static Option<T[]> Repeatable<T>(string name, string valueName, string description, Func<string, T> parse) =>
        new(name)
        {
            HelpName = valueName,
            Description = description,
            CustomParser = result => Read(result, name, tokens => tokens.Select(parse).ToArray()),
            DefaultValueFactory = _ => [],
        };

    /// <summary>An option of whole numbers, several in one text, and all of those where it is given several times.</summary>
    /// <param name="name">Its name, with the dashes.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="maximum">Largest value allowed; the smallest is 1.</param>
    public static Option<int[]> Integers(string name, string description, int maximum) =>
        new(name)
        {
            HelpName = "N,N,...",
            Description = description,
            CustomParser = result => Read(result, name, tokens => NumbersIn(tokens, maximum)),
            DefaultValueFactory = _ => [],
        };

    /// <summary>Gives an option the value it has when the user leaves it out; help shows it.</summary>
    /// <param name="option">The option.</param>
    /// <param name="value">Its default.</param>
    public static Option<T> WithDefault<T>(this Option<T> option, T value)
    {
        option.DefaultValueFactory = _ => value;
        return option;
    }

    /// <summary>A whole number from a range.</summary>
    /// <param name="text">Digits.</param>
    /// <param name="minimum">Smallest value allowed.</param>
    /// <param name="maximum">Largest value allowed.</param>
    /// <exception cref="ArgumentException">It is no such number.</exception>
    public static int Integer(string text, int minimum, int maximum) => ItemText.ParseInteger(text, minimum, maximum);

    /// <summary>A positive number.</summary>
    /// <param name="text">Digits with a decimal point.</param>
    /// <exception cref="ArgumentException">It is no such number.</exception>
    public static double Positive(string text) => ItemText.ParsePositive(text);

    /// <summary>A number from a range.</summary>
    /// <param name="text">Digits with a decimal point.</param>
    /// <param name="minimum">Smallest value allowed.</param>
    /// <param name="maximum">Largest value allowed.</param>
    /// <exception cref="ArgumentException">It is no such number.</exception>
    public static double Number(string text, double minimum, double maximum) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value >= minimum
        && value <= maximum
            ? value
            : throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"'{text}' is no number from {minimum} to {maximum}.")
            );

    /// <summary>A height and a width.</summary>
    /// <param name="text"><c>HxW</c>, or one number for a square.</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static Extent Resolution(string text) => ItemText.ParseExtent(text);

    /// <summary>A way to prepare pictures.</summary>
    /// <param name="text">Its name.</param>
    /// <exception cref="ArgumentException">No way has the name.</exception>
    public static Preprocessing Preprocessing(string text) =>
        Host.Images.Preprocessing.Presets.TryGetValue(text, out var preset)
            ? preset
            : throw new ArgumentException(
                $"'{text}' is none of {string.Join(", ", Host.Images.Preprocessing.Presets.Keys)}."
            );

    private static int[] NumbersIn(IEnumerable<string> texts, int maximum) =>
        [.. texts.SelectMany(text => text.Split(',')).Select(number => Integer(number, 1, maximum))];

    private static T? Read<T>(ArgumentResult result, string name, Func<IReadOnlyList<string>, T> parse)
    {
        try
        {
            return parse([.. result.Tokens.Select(token => token.Value)]);
        }
        catch (ArgumentException fault)
        {
            result.AddError($"{name}: {fault.Message}");
            return default;
        }
    }
}
