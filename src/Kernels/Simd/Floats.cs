using System.Runtime.Intrinsics;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>16 floats. Generic code is compiled ahead of time over types of its own assembly only, so vectors have some.</summary>
internal readonly struct Floats16(Vector512<float> value)
{
    public readonly Vector512<float> Value = value;
}

/// <summary>8 floats.</summary>
internal readonly struct Floats8(Vector256<float> value)
{
    public readonly Vector256<float> Value = value;
}

/// <summary>4 floats.</summary>
internal readonly struct Floats4(Vector128<float> value)
{
    public readonly Vector128<float> Value = value;
}
