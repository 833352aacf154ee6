using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>Makes the vector operation of a step: chooses the kernel and brings the weights into its order.</summary>
/// <param name="width">Vector width.</param>
internal sealed class CpuOperations(SimdWidth width)
{
    /// <summary>Packs a step.</summary>
    /// <param name="step">The step.</param>
    public SimdOperation Create(PlanStep step) =>
        step switch
        {
            RowChainStep chain => new RowChain(chain.Stages.Select(Convolution), chain.ResidualStage),
            ConvolutionStep convolution => Convolution(convolution),
            SqueezeExciteStep gate => new SqueezeExcite(
                width,
                step.Input.Shape,
                gate.Reduce.ToDense(),
                gate.Expand.ToDense()
            ),
            GlobalAveragePoolStep => new GlobalAveragePool(width, step.Input.Shape),
            PoolStep pool => Pool.Create(width, Case(step, pool.Window), pool.Kind),
            ElementwiseStep elementwise => Elementwise.Create(width, step.Output.Shape, elementwise.Activation),
            SoftmaxStep => new Softmax(width, step.Output.Shape),
            CopyChannelsStep channels => new CopyChannels(width, channels.Copy),
            PadInputStep => new PadChannels(width, step.Input.Shape),
            _ => throw new NotSupportedException($"Step '{step.Name}' is a {step.GetType().Name}."),
        };

    private RowOperation Convolution(ConvolutionStep step)
    {
        var (window, activation) = (step.Geometry.Window, step.Layer.Activation);
        switch (step.Kind)
        {
            case ConvolutionKind.Pointwise:
                var hasGate = step.Gate is not null;
                return new PointwiseConv(width, Case(step, window), step.Layer.ToSingle(), activation, hasGate);
            case ConvolutionKind.Depthwise:
                return DepthwiseConv.Create(width, Case(step, window), step.Layer.ToSingle(), activation);
            case ConvolutionKind.Grouped:
                var (groups, weights) = (step.Geometry.Groups, step.TapMajor());
                return new GroupedConv(width, Case(step, window), groups, weights, activation);
            default:
                return new StandardConv(width, Case(step, window), step.TapMajor(), activation);
        }
    }

    /// <summary>The shapes of a convolution or pooling in the layout of a vector width.</summary>
    /// <param name="step">The step.</param>
    /// <param name="window">Its window.</param>
    /// <param name="width">Vector width.</param>
    public static ConvolutionCase CaseOf(PlanStep step, Window window, SimdWidth width) =>
        step.Case(window, Simd.PaddedChannels(step.Input.Shape.Channels, width));

    private ConvolutionCase Case(PlanStep step, Window window) => CaseOf(step, window, width);
}
