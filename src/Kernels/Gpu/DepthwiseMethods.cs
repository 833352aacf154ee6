using Method = System.Action<ILGpuMobileNet.Kernels.Gpu.DepthwiseViews, ILGpuMobileNet.Kernels.Gpu.DepthwiseShape>;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>The device method of a <see cref="DepthwiseConv"/>.</summary>
/// <param name="window">Kernel, stride, dilation, padding.</param>
/// <param name="options">Residual and sums.</param>
internal sealed class DepthwiseMethods(Window window, DepthwiseOptions options) : IActivationFactory<Method>
{
    /// <inheritdoc/>
    public Method Create<TActivation>()
        where TActivation : struct, IActivation =>
        options.HasResidual ? Of<TActivation, WithResidual>() : Of<TActivation, NoResidual>();

    private Method Of<TActivation, TResidual>()
        where TActivation : struct, IActivation
        where TResidual : struct, IResidual =>
        window.Kernel.Width switch
        {
            3 => Sharing<ThreeTaps, TActivation, TResidual>(),
            5 => Sharing<FiveTaps, TActivation, TResidual>(),
            _ => Sharing<AnyTaps, TActivation, TResidual>(),
        };

    private Method Sharing<TTaps, TActivation, TResidual>()
        where TTaps : struct, ITapCount
        where TActivation : struct, IActivation
        where TResidual : struct, IResidual =>
        window.Stride.Width == window.Dilation.Width ? Of<SlidingReach<TTaps>, TActivation, TResidual>()
        : window.Stride.Width == 2L * window.Dilation.Width ? Of<AlternatingReach<TTaps>, TActivation, TResidual>()
        : Of<SeparateReach, TActivation, TResidual>();

    private Method Of<TReach, TActivation, TResidual>()
        where TReach : struct, IDepthwiseReach
        where TActivation : struct, IActivation
        where TResidual : struct, IResidual =>
        options.WritesSums
            ? DepthwiseConvKernel.BandKernel<TReach, TActivation, TResidual>
            : DepthwiseConvKernel.StripKernel<TReach, TActivation, TResidual>;
}
