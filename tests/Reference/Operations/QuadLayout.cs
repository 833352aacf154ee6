using System.Runtime.InteropServices;
using ILGpuMobileNet.Kernels.Gpu;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>Between plain arrays and pixels whose channels are padded to a multiple of 4.</summary>
internal static class QuadLayout
{
    private const float PaddingValue = 7.5f; // finite, and visible where a result depends on it

    /// <summary>Pads every pixel.</summary>
    public static Float4[] Pad(float[] values, int channels)
    {
        var stride = Float4.CountFor(channels) * 4;
        var pixels = (values.Length + channels - 1) / channels;
        var padded = new float[pixels * stride];
        Array.Fill(padded, PaddingValue);
        for (var i = 0; i < values.Length; i++)
        {
            padded[i / channels * stride + i % channels] = values[i];
        }
        return MemoryMarshal.Cast<float, Float4>(padded).ToArray();
    }

    /// <summary>Takes the padding away.</summary>
    /// <exception cref="InvalidOperationException">There is something infinite in the padding.</exception>
    public static float[] Strip(Float4[] padded, int channels)
    {
        var stride = Float4.CountFor(channels) * 4;
        var values = MemoryMarshal.Cast<Float4, float>(padded).ToArray();
        if (values.Where((_, i) => i % stride >= channels).Any(value => !float.IsFinite(value)))
        {
            throw new InvalidOperationException("Padding is not finite.");
        }
        return [.. values.Where((_, i) => i % stride < channels)];
    }
}
