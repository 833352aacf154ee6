using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>Whether an input is multiplied by a gate, as a type.</summary>
internal interface IGate
{
    /// <summary>The input with the gate.</summary>
    /// <param name="value">Four channels of a pixel.</param>
    /// <param name="gate">Gates <c>[N, C/4]</c>.</param>
    /// <param name="index">Which element.</param>
    static abstract Float4 Apply(Float4 value, ArrayView<Float4> gate, int index);
}

internal readonly struct NoGate : IGate
{
    public static Float4 Apply(Float4 value, ArrayView<Float4> gate, int index) => value;
}

internal readonly struct WithGate : IGate
{
    public static Float4 Apply(Float4 value, ArrayView<Float4> gate, int index) => value * gate[index];
}
