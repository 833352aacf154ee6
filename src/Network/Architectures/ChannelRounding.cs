namespace ILGpuMobileNet.Network.Architectures;

/// <summary>How a width multiplier changes a number of channels.</summary>
internal static class ChannelRounding
{
    private const int Divisor = 8;

    /// <summary>The largest whole number not above <c>channels·width</c>, at least 1 (MobileNetV1).</summary>
    public static int Truncated(int channels, double width) => Math.Max(1, (int)(channels * width));

    /// <summary>
    /// <c>channels·width</c> rounded to the nearest multiple of 8, at least 8; the next multiple where rounding down
    /// would lose more than a tenth (MobileNetV2 and V3).
    /// </summary>
    public static int Divisible(int channels, double width = 1)
    {
        var exact = channels * width;
        var rounded = Math.Max(Divisor, (int)(exact + Divisor / 2.0) / Divisor * Divisor);
        return rounded < 0.9 * exact ? rounded + Divisor : rounded;
    }

    /// <summary>A quarter, rounded down, at least 1: the channels between the two layers of a squeeze-excite.</summary>
    public static int Quarter(int channels) => Math.Max(1, channels / 4);
}
