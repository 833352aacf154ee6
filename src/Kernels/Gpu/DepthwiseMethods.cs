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
        (window.Kernel.Width, window.Stride.Width / (double)window.Dilation.Width) switch
        {
            (3, 1) => Of<SlidingThree, TActivation, TResidual>(),
            (3, 2) => Of<AlternatingThree, TActivation, TResidual>(),
            (5, 1) => Of<SlidingFive, TActivation, TResidual>(),
            (5, 2) => Of<AlternatingFive, TActivation, TResidual>(),
            _ => Of<SeparateReach, TActivation, TResidual>(),
        };

    private Method Of<TReach, TActivation, TResidual>()
        where TReach : struct, IDepthwiseReach
        where TActivation : struct, IActivation
        where TResidual : struct, IResidual =>
        options.WritesSums
            ? DepthwiseConvKernel.BandKernel<TReach, TActivation, TResidual>
            : DepthwiseConvKernel.StripKernel<TReach, TActivation, TResidual>;
}
