using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Gpu;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>Makes the ILGPU operation of a step: chooses the kernel, its launch, and what is fused into it.</summary>
/// <param name="choice">Chooses tiles and group sizes.</param>
/// <param name="maximalBatch">Largest batch that will be run.</param>
internal sealed class GpuOperations(ILaunchChoice choice, int maximalBatch)
{
    /// <summary>The operation of a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="sums">Whether a depthwise convolution sums its output for the squeeze-excite step behind it.</param>
    /// <param name="bandCount">Bands of sums that a squeeze-excite step finds; 0 makes it sum by itself.</param>
    public GpuOperation Create(PlanStep step, bool sums = false, int bandCount = 0)
    {
        var operation = Of(step, sums, bandCount);
        (operation as FlatOperation)?.Choose(choice, maximalBatch);
        return operation;
    }

    private GpuOperation Of(PlanStep step, bool sums, int bandCount) =>
        step switch
        {
            ConvolutionStep convolution => Convolution(convolution, sums),
            SqueezeExciteStep gate => new SqueezeExcite(
                step.Input.Shape,
                gate.Reduce.ToDense(),
                gate.Expand.ToDense(),
                bandCount
            ),
            GlobalAveragePoolStep => new GlobalAveragePool(step.Input.Shape),
            PoolStep pool => new Pool(Case(step, pool.Window), pool.Kind),
            ElementwiseStep elementwise => new Elementwise(
                step.Output.Shape,
                elementwise.Activation,
                new(step.Gate is not null, step.Residual is not null)
            ),
            SoftmaxStep => new Softmax(step.Output.Shape),
            CopyChannelsStep channels => new CopyChannels(channels.Copy),
            PadInputStep => new PadChannels(step.Input.Shape),
            _ => throw new NotSupportedException($"Step '{step.Name}' is a {step.GetType().Name}."),
        };

    private GpuOperation Convolution(ConvolutionStep step, bool sums)
    {
        var (shapes, activation) = (Case(step, step.Geometry.Window), step.Layer.Activation);
        var (hasGate, hasResidual) = (step.Gate is not null, step.Residual is not null);
        return step.Kind switch
        {
            ConvolutionKind.Pointwise when step.Input.Shape.PixelCount == 1 => new Linear(
                step.Layer.ToSingle(),
                activation,
                new(hasGate, hasResidual)
            ),
            ConvolutionKind.Pointwise => Pointwise(step),
            ConvolutionKind.Depthwise => new DepthwiseConv(
                shapes,
                step.Layer.ToSingle(),
                activation,
                new(hasResidual, sums)
            ),
            ConvolutionKind.Grouped => new GroupedConv(
                shapes,
                step.Geometry.Groups,
                step.TapMajor(),
                activation,
                hasResidual
            ),
            _ => new StandardConv(shapes, step.TapMajor(), activation, new(step.ReadsPackedInput, hasResidual)),
        };
    }

    private PointwiseConv Pointwise(ConvolutionStep step)
    {
        var (pixels, channels) = ((int)step.Input.Shape.PixelCount, step.Output.Shape.Channels);
        var problem = new PointwiseProblem((long)maximalBatch * pixels, step.Input.Shape.Channels, channels);
        var options = new PointwiseOptions(choice.TileFor(problem), step.Gate is not null, step.Residual is not null);
        return new(pixels, step.Layer.ToSingle(), step.Layer.Activation, options);
    }

    private static ConvolutionCase Case(PlanStep step, Window window) =>
        step.Case(window, 4 * Float4.CountFor(step.Input.Shape.Channels));
}
