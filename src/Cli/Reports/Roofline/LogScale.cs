namespace ILGpuMobileNet.Cli.Reports.Roofline;

/// <summary>A logarithmic axis.</summary>
/// <param name="Low">Smallest value, above 0.</param>
/// <param name="High">Largest value.</param>
/// <param name="Start">Where the smallest value lies on the canvas.</param>
/// <param name="End">Where the largest value lies.</param>
internal readonly record struct LogScale(double Low, double High, double Start, double End)
{
    private const double Margin = 1.5; // around the values, as a factor
    private static readonly double[] s_steps = [1, 2, 5];

    /// <summary>An axis that shows values with some room around them, at least a decade.</summary>
    /// <param name="values">Values above 0, at least one.</param>
    /// <param name="start">Where the axis begins on the canvas.</param>
    /// <param name="end">Where it ends.</param>
    public static LogScale Around(IReadOnlyCollection<double> values, double start, double end)
    {
        var low = values.Min() / Margin;
        return new(low, Math.Max(values.Max() * Margin, 10 * low), start, end);
    }

    /// <summary>Where a value lies on the canvas.</summary>
    /// <param name="value">A value above 0.</param>
    public double At(double value) => Start + (End - Start) * Math.Log(value / Low) / Math.Log(High / Low);

    /// <summary>Round values along the axis: 1, 2, 5, 10, ...</summary>
    public IEnumerable<double> Ticks()
    {
        var (low, high) = (Low, High);
        var decades = Enumerable.Range((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high / low)) + 1);
        return decades
            .SelectMany(decade => s_steps.Select(step => step * Math.Pow(10, decade)))
            .Where(value => value >= low && value <= high);
    }
}
