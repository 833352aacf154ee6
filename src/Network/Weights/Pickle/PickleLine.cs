using System.Globalization;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>Values of protocol 0, which has them as lines of text.</summary>
internal static class PickleLine
{
    /// <summary>A whole number, or <c>00</c> and <c>01</c>, which are False and True.</summary>
    /// <param name="line">The line.</param>
    /// <exception cref="InvalidDataException">It is neither, or has more than eight bytes.</exception>
    public static object Integer(string line) =>
        line switch
        {
            "00" => false,
            "01" => true,
            _ => Index(line),
        };

    /// <summary>A whole number with an L after it.</summary>
    /// <param name="line">The line.</param>
    /// <exception cref="InvalidDataException">It is none, or has more than eight bytes.</exception>
    public static long LongInteger(string line) => Index(line.EndsWith('L') ? line[..^1] : line);

    /// <summary>A whole number.</summary>
    /// <param name="line">The line.</param>
    /// <exception cref="InvalidDataException">It is none, or has more than eight bytes.</exception>
    public static long Index(string line) =>
        long.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException($"'{line}', expected a whole number of at most eight bytes");

    /// <summary>A floating-point number.</summary>
    /// <param name="line">The line.</param>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static double Double(string line) =>
        double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException($"'{line}', expected a number");

    /// <summary>A text.</summary>
    /// <param name="reader">Stands at the start of its line.</param>
    /// <exception cref="InvalidDataException">It has escapes, as no name of a tensor has.</exception>
    public static PickleBytes Text(PickleReader reader)
    {
        var start = reader.Position;
        var line = reader.ReadLine();
        return line.Contains('\\', StringComparison.Ordinal)
            ? throw new InvalidDataException("a text with a backslash, which no name of a tensor has")
            : new(start, line.Length, false, line);
    }

    /// <summary>A text in quotes.</summary>
    /// <param name="reader">Stands at the start of its line.</param>
    /// <exception cref="InvalidDataException">It has no quotes, or has escapes, as no name of a tensor has.</exception>
    public static PickleBytes QuotedText(PickleReader reader)
    {
        var quoted = Text(reader);
        return quoted.Text is [var quote and ('\'' or '"'), .. var text, var last] && quote == last
            ? new(quoted.Offset + 1, text.Length, false, text)
            : throw new InvalidDataException("a text without its quotes");
    }
}
