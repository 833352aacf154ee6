namespace ILGpuMobileNet.Host.Tests.Images;

/// <summary>Compares pictures.</summary>
internal static class PixelAssert
{
    /// <summary>Same size, and the bytes differ by no more than the tolerance.</summary>
    public static void Close(RgbImage expected, RgbImage actual, PixelTolerance tolerance)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        var differences = expected
            .Pixels.ToArray()
            .Zip(actual.Pixels.ToArray(), (want, got) => Math.Abs(want - got))
            .ToList();
        var largest = differences.Max();
        var pixel = differences.IndexOf(largest) / 3;
        Assert.True(
            largest <= tolerance.Largest && differences.Average() <= tolerance.Mean,
            $"The largest difference is {largest}, in row {pixel / expected.Width}, column {pixel % expected.Width}; "
                + $"the mean is {differences.Average():0.00}; allowed: {tolerance}."
        );
    }

    /// <summary>The same picture.</summary>
    public static void Equal(RgbImage expected, RgbImage actual) => Close(expected, actual, default);
}
