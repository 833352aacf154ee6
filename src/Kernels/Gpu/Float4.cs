using System.Runtime.InteropServices;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>Four channels of a pixel, moved with one 16-byte access.</summary>
/// <param name="x">First channel.</param>
/// <param name="y">Second channel.</param>
/// <param name="z">Third channel.</param>
/// <param name="w">Fourth channel.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Float4(float x, float y, float z, float w)
{
    public readonly float X = x;
    public readonly float Y = y;
    public readonly float Z = z;
    public readonly float W = w;

    /// <summary>How many hold a pixel's channels; the last one is padded.</summary>
    /// <param name="channels">Channels, at least 1.</param>
    public static int CountFor(int channels) => checked(channels + 3) / 4;

    /// <summary>The same number four times.</summary>
    /// <param name="value">The number.</param>
    public static Float4 Same(float value) => new(value, value, value, value);

    public static Float4 operator +(Float4 a, Float4 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z, a.W + b.W);

    public static Float4 operator *(Float4 a, Float4 b) => new(a.X * b.X, a.Y * b.Y, a.Z * b.Z, a.W * b.W);

    public static Float4 operator *(Float4 a, float b) => new(a.X * b, a.Y * b, a.Z * b, a.W * b);

    /// <summary><c>this + a · b</c>.</summary>
    /// <param name="a">Four factors.</param>
    /// <param name="b">Factor of all four.</param>
    public Float4 Add(Float4 a, float b) => new(X + a.X * b, Y + a.Y * b, Z + a.Z * b, W + a.W * b);

    /// <summary><c>this + a · b</c>, each with its own.</summary>
    /// <param name="a">Four factors.</param>
    /// <param name="b">Four factors.</param>
    public Float4 Add(Float4 a, Float4 b) => new(X + a.X * b.X, Y + a.Y * b.Y, Z + a.Z * b.Z, W + a.W * b.W);

    /// <summary>An activation of all four.</summary>
    /// <typeparam name="TActivation">The function.</typeparam>
    /// <param name="slope">Its parameter.</param>
    public Float4 Activate<TActivation>(float slope)
        where TActivation : struct, IActivation =>
        new(
            TActivation.Apply(X, slope),
            TActivation.Apply(Y, slope),
            TActivation.Apply(Z, slope),
            TActivation.Apply(W, slope)
        );
}
