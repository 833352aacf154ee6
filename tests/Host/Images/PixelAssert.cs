namespace ILGpuMobileNet.Host.Tests.Images;

/// <summary>Compares pictures.</summary>
internal static class PixelAssert
{
    /// <summary>Same size, and no byte differs by more than the tolerance.</summary>
    public static void Close(RgbImage expected, RgbImage actual, int tolerance)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        var want = expected.Pixels.Span;
        var got = actual.Pixels.Span;
        var worst = 0;
        for (var i = 0; i < want.Length; i++)
        {
            worst = Math.Abs(want[i] - got[i]) > Math.Abs(want[worst] - got[worst]) ? i : worst;
        }
        var pixel = worst / 3;
        Assert.True(
            Math.Abs(want[worst] - got[worst]) <= tolerance,
            $"Row {pixel / expected.Width}, column {pixel % expected.Width}, channel {worst % 3}: expected {want[worst]}, got {got[worst]}, tolerance {tolerance}."
        );
    }
}
