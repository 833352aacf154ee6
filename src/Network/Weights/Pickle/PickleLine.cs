using System.Globalization;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>Numbers of protocol 0, which has them as lines of text.</summary>
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
}
