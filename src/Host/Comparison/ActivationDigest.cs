namespace ILGpuMobileNet.Host.Comparison;

/// <summary>What an array holds, in numbers that stay the same in whatever order its axes lie.</summary>
/// <param name="Mean">Mean of its values.</param>
/// <param name="MeanMagnitude">Mean of their |values|.</param>
/// <param name="RootMeanSquare">Root of the mean of their squares.</param>
/// <param name="Largest">Largest |value|.</param>
internal readonly record struct ActivationDigest(
    double Mean,
    double MeanMagnitude,
    double RootMeanSquare,
    double Largest
)
{
    /// <summary>Digits that two networks in single precision can agree in.</summary>
    private const double MostDigits = 6;

    /// <summary>Looks at an array.</summary>
    /// <param name="values">Its values.</param>
    public static ActivationDigest Of(ReadOnlySpan<float> values)
    {
        var (sum, magnitudes, squares, largest) = (0.0, 0.0, 0.0, 0.0);
        foreach (double value in values)
        {
            var magnitude = Math.Abs(value);
            sum += value;
            magnitudes += magnitude;
            squares += value * value;
            largest = Math.Max(largest, magnitude);
        }
        var count = Math.Max(1, values.Length);
        return new(sum / count, magnitudes / count, Math.Sqrt(squares / count), largest);
    }

    /// <summary>
    /// Decimal digits in which two arrays agree, 0 to 6; 0 where one holds anything that is not finite.
    /// </summary>
    /// <param name="other">The other array.</param>
    public double DigitsWith(ActivationDigest other)
    {
        var scale = Math.Max(RootMeanSquare, other.RootMeanSquare);
        if (scale == 0)
        {
            return MostDigits;
        }
        var distance = Math.Max(
            Math.Max(Math.Abs(Mean - other.Mean), Math.Abs(MeanMagnitude - other.MeanMagnitude)) / scale,
            Math.Max(
                Math.Abs(RootMeanSquare - other.RootMeanSquare) / scale,
                Math.Abs(Largest - other.Largest) / Math.Max(Largest, other.Largest)
            )
        );
        return double.IsNaN(distance) ? 0 : Math.Clamp(-Math.Log10(distance), 0, MostDigits);
    }
}
