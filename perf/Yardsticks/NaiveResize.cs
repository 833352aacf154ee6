using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Benchmarks.Yardsticks;

/// <summary>
/// An antialiased bilinear resize with normalisation as a plain loop: every output adds its source pixels. Nothing is
/// rounded to bytes, so a value may differ by one level from Pillow's. System.Numerics.Tensors has no such operation.
/// </summary>
internal static class NaiveResize
{
    private const int ChannelCount = 3;

    /// <summary>One image; the order of the colours is kept.</summary>
    public static Yardstick Bilinear(byte[] pixels, ResizeGeometry geometry, PixelNormalization normalization)
    {
        var (vertical, horizontal) = (TapsOf(geometry.Vertical), TapsOf(geometry.Horizontal));
        var (scale, shift) = (normalization.Scale.Red, normalization.Shift.Red);
        return Yardstick.Into(
            vertical.Length * horizontal.Length * ChannelCount,
            output =>
            {
                for (var i = 0; i < output.Length; i++)
                {
                    var (pixel, c) = Math.DivRem(i, ChannelCount);
                    var (y, x) = Math.DivRem(pixel, horizontal.Length);
                    var sum = Sum(pixels, vertical[y], horizontal[x], geometry.Horizontal.Source, c);
                    output[i] = sum * scale + shift;
                }
            }
        );
    }

    private static float Sum(byte[] pixels, Taps vertical, Taps horizontal, int width, int channel)
    {
        var sum = 0f;
        for (var ky = 0; ky < vertical.Weights.Length; ky++)
        {
            var row = ((vertical.First + ky) * width + horizontal.First) * ChannelCount + channel;
            for (var kx = 0; kx < horizontal.Weights.Length; kx++)
            {
                sum += vertical.Weights[ky] * horizontal.Weights[kx] * pixels[row + kx * ChannelCount];
            }
        }
        return sum;
    }

    private static Taps[] TapsOf(ResizeAxis axis) =>
        [.. Enumerable.Range(0, axis.FilledLength).Select(i => TapsOf(axis, axis.Offset + i))];

    private static Taps TapsOf(ResizeAxis axis, long output)
    {
        var scale = (double)axis.Source / axis.Resized;
        var reach = Math.Max(1, scale);
        var center = (output + 0.5) * scale;
        var first = Math.Max((int)Math.Floor(center - reach + 0.5), 0);
        var end = Math.Min((int)Math.Floor(center + reach + 0.5), axis.Source);
        var weights = Enumerable
            .Range(first, end - first)
            .Select(x => Math.Max(0, 1 - Math.Abs(x + 0.5 - center) / reach))
            .ToArray();
        return new(first, [.. weights.Select(weight => (float)(weight / weights.Sum()))]);
    }

    /// <summary>The source pixels of an output, in one direction.</summary>
    private readonly record struct Taps(int First, float[] Weights);
}
