using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>The operands of the kernel of <see cref="Elementwise"/>.</summary>
/// <param name="input"><c>[N, H, W, C/4]</c>.</param>
/// <param name="gate"><c>[N, C/4]</c>.</param>
/// <param name="residual"><c>[N, H, W, C/4]</c>.</param>
/// <param name="output"><c>[N, H, W, C/4]</c>.</param>
internal readonly struct ElementwiseViews(
    ArrayView<Float4> input,
    ArrayView<Float4> gate,
    ArrayView<Float4> residual,
    ArrayView<Float4> output
)
{
    public readonly ArrayView<Float4> Input = input;
    public readonly ArrayView<Float4> Gate = gate;
    public readonly ArrayView<Float4> Residual = residual;
    public readonly ArrayView<Float4> Output = output;
}

/// <summary>What the kernel of <see cref="Elementwise"/> computes.</summary>
/// <param name="threadCount">Elements, <c>N·H·W·C/4</c>.</param>
/// <param name="imageLength">Elements of an image, <c>H·W·C/4</c>.</param>
/// <param name="quads">Elements of a pixel, <c>C/4</c>.</param>
/// <param name="slope">Parameter of the activation.</param>
internal readonly struct ElementwiseShape(int threadCount, int imageLength, int quads, float slope)
{
    public readonly int ThreadCount = threadCount;
    public readonly int ImageLength = imageLength;
    public readonly int Quads = quads;
    public readonly float Slope = slope;
}

/// <summary>A thread computes four channels of a pixel.</summary>
internal static class ElementwiseKernel
{
    /// <summary>One thread for each element.</summary>
    public static void QuadKernel<TActivation, TGate, TResidual>(ElementwiseViews views, ElementwiseShape shape)
        where TActivation : struct, IActivation
        where TGate : struct, IGate
        where TResidual : struct, IResidual
    {
        var thread = Grid.IdxX * Group.DimX + Group.IdxX;
        if (thread < shape.ThreadCount)
        {
            var gate = thread / shape.ImageLength * shape.Quads + thread % shape.Quads;
            var value = TGate.Apply(views.Input[thread], views.Gate, gate).Activate<TActivation>(shape.Slope);
            views.Output[thread] = TResidual.Add(value, views.Residual, thread);
        }
    }
}
