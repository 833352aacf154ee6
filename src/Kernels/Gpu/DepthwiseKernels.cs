using ILGPU;
using ILGPU.Runtime;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>Compiles the kernel of a <see cref="DepthwiseConv"/>.</summary>
/// <param name="accelerator">The device.</param>
/// <param name="window">Kernel, stride, dilation, padding.</param>
/// <param name="options">Residual and sums.</param>
internal readonly struct DepthwiseKernels(Accelerator accelerator, Window window, DepthwiseOptions options)
    : IActivationFactory<Action<AcceleratorStream, KernelConfig, DepthwiseViews, DepthwiseShape>>
{
    /// <inheritdoc/>
    public Action<AcceleratorStream, KernelConfig, DepthwiseViews, DepthwiseShape> Create<TActivation>()
        where TActivation : struct, IActivation =>
        options.HasResidual ? Create<TActivation, WithResidual>() : Create<TActivation, NoResidual>();

    private Action<AcceleratorStream, KernelConfig, DepthwiseViews, DepthwiseShape> Create<TActivation, TResidual>()
        where TActivation : struct, IActivation
        where TResidual : struct, IResidual =>
        window.Kernel.Width switch
        {
            3 => Create<ThreeTaps, TActivation, TResidual>(),
            5 => Create<FiveTaps, TActivation, TResidual>(),
            _ => Create<AnyTaps, TActivation, TResidual>(),
        };

    private Action<AcceleratorStream, KernelConfig, DepthwiseViews, DepthwiseShape> Create<
        TTaps,
        TActivation,
        TResidual
    >()
        where TTaps : struct, ITapCount
        where TActivation : struct, IActivation
        where TResidual : struct, IResidual =>
        window.Stride.Width == window.Dilation.Width ? Load<SlidingReach<TTaps>, TActivation, TResidual>()
        : window.Stride.Width == 2L * window.Dilation.Width ? Load<AlternatingReach<TTaps>, TActivation, TResidual>()
        : Load<SeparateReach, TActivation, TResidual>();

    private Action<AcceleratorStream, KernelConfig, DepthwiseViews, DepthwiseShape> Load<
        TReach,
        TActivation,
        TResidual
    >()
        where TReach : struct, IDepthwiseReach
        where TActivation : struct, IActivation
        where TResidual : struct, IResidual =>
        accelerator.LoadKernel<DepthwiseViews, DepthwiseShape>(
            options.WritesSums
                ? DepthwiseConvKernel.BandKernel<TReach, TActivation, TResidual>
                : DepthwiseConvKernel.StripKernel<TReach, TActivation, TResidual>
        );
}
