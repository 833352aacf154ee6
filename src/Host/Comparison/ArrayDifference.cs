namespace ILGpuMobileNet.Host.Comparison;

/// <summary>How far two arrays of one length are apart.</summary>
/// <param name="Largest">Largest |a - b|; infinite where one of both is NaN or infinite.</param>
/// <param name="LargestValue">Largest finite |value| of both; null where there is none.</param>
/// <param name="Index">Where the difference is largest, the first such place; null where there is none.</param>
internal readonly record struct ArrayDifference(double Largest, double? LargestValue, int? Index)
{
    private const double NoValue = -1;

    /// <summary>The difference as a part of the largest value.</summary>
    public double Relative => Largest == 0 ? 0 : Largest / (LargestValue ?? 0);

    /// <summary>Compares two arrays; what is not finite equals nothing, since it says nothing of what was computed.</summary>
    /// <param name="a">One array.</param>
    /// <param name="b">The other, of the same length.</param>
    public static ArrayDifference Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (largest, value) = (0.0, NoValue);
        int? index = null;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = Between(a[i], b[i]);
            if (difference > largest)
            {
                (largest, index) = (difference, i);
            }
            value = Math.Max(value, Math.Max(Size(a[i]), Size(b[i])));
        }
        return new(largest, value == NoValue ? null : value, index);
    }

    private static double Between(float a, float b) =>
        float.IsFinite(a) && float.IsFinite(b) ? Math.Abs((double)a - b) : double.PositiveInfinity;

    private static double Size(float value) => float.IsFinite(value) ? Math.Abs((double)value) : NoValue;
}
