using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>Whether a convolution adds a residual, as a type.</summary>
internal interface IResidual
{
    /// <summary>The output with the residual.</summary>
    /// <param name="value">What the convolution computed.</param>
    /// <param name="residual">A feature map of the output's shape.</param>
    /// <param name="index">Which element.</param>
    static abstract Float4 Add(Float4 value, ArrayView<Float4> residual, int index);
}

internal readonly struct NoResidual : IResidual
{
    public static Float4 Add(Float4 value, ArrayView<Float4> residual, int index) => value;
}

internal readonly struct WithResidual : IResidual
{
    public static Float4 Add(Float4 value, ArrayView<Float4> residual, int index) => value + residual[index];
}
