namespace ILGpuMobileNet.Reference.Operations;

/// <summary>How far two results are apart.</summary>
public static class Closeness
{
    /// <summary>Largest difference, relative to the largest magnitude expected; infinite when anything is not a number.</summary>
    /// <param name="expected">The reference.</param>
    /// <param name="actual">The result.</param>
    public static double RelativeError(IReadOnlyCollection<double> expected, IReadOnlyCollection<float> actual)
    {
        if (expected.Count != actual.Count)
        {
            throw new ArgumentException($"Got {actual.Count} values, expected {expected.Count}.", nameof(actual));
        }
        var largest = expected.Max(Math.Abs);
        var difference = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        return double.IsNaN(difference) || actual.Any(float.IsNaN)
            ? double.PositiveInfinity
            : difference / Math.Max(largest, 1e-30);
    }
}
