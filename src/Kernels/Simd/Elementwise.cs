using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// <c>act(x · gate) + residual</c> without weights: an activation, a gate or a sum that found no layer to be fused
/// into. An item is one row.
/// </summary>
internal abstract unsafe class Elementwise(FeatureShape shape, int stride) : SimdOperation
{
    protected FeatureShape Shape => shape;
    protected int Stride => stride;

    /// <summary>The version for a vector width and an activation.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="shape">One image, read and written.</param>
    /// <param name="activation">The function.</param>
    public static Elementwise Create(SimdWidth width, FeatureShape shape, Activation activation) =>
        (Elementwise)
            Simd.Specialise<Factory>(width, activation, new(shape, Simd.PaddedChannels(shape.Channels, width)));

    /// <inheritdoc/>
    public override int ItemCount(in Operands operands) => operands.Batch * Shape.Height;

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var at = (nint)item * Shape.Width * Stride;
        var gate = operands.Gate == null ? null : operands.Gate + (nint)(item / Shape.Height) * Stride;
        var residual = operands.Residual == null ? null : operands.Residual + at;
        Run(operands.Input + at, gate, new(operands.Output + at, Stride, residual), Shape.Width);
    }

    /// <summary>Computes pixels of an image.</summary>
    /// <param name="x">The first pixel.</param>
    /// <param name="gate">The gate, or null.</param>
    /// <param name="output">Where they are written.</param>
    /// <param name="pixels">Pixels.</param>
    public abstract void Run(float* x, float* gate, TileOutput output, int pixels);

    private readonly struct Factory(FeatureShape shape, int stride) : ISimdFactory
    {
        public object Create<TVector, TLanes, TActivation>(TActivation activation)
            where TVector : struct
            where TLanes : struct, ILanes<TVector>
            where TActivation : struct, IVectorActivation =>
            new Elementwise<TVector, TLanes, TActivation>(shape, stride, activation);
    }
}

/// <inheritdoc/>
internal sealed unsafe class Elementwise<TVector, TLanes, TActivation>(
    FeatureShape shape,
    int stride,
    TActivation activation
) : Elementwise(shape, stride)
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
    where TActivation : struct, IVectorActivation
{
    /// <inheritdoc/>
    [MethodImpl(HotLoop.Compilation)]
    public override void Run(float* x, float* gate, TileOutput output, int pixels)
    {
        for (nint pixel = 0; pixel < pixels; pixel++, x += Stride)
        {
            for (nint c = 0; c < Stride; c += TLanes.Count)
            {
                var value = TLanes.Load(x + c);
                value = gate == null ? value : TLanes.Multiply(value, TLanes.Load(gate + c));
                output.Write<TVector, TLanes, TActivation>(value, pixel, c, activation);
            }
        }
    }
}
