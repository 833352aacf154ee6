using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>One fused operation of a plan; values are those of the graph it was fused from.</summary>
/// <param name="Name">Name of the layer it starts with.</param>
/// <param name="Input">Value read.</param>
/// <param name="Output">Value written: that of the last layer fused into it.</param>
internal abstract record PlanStep(string Name, Value Input, Value Output)
{
    /// <summary>Value of a gate per image and channel that the input is multiplied by, or none.</summary>
    public int? Gate { get; init; }

    /// <summary>Value that is added to the output, or none.</summary>
    public int? Residual { get; init; }

    /// <summary>Every value read.</summary>
    public IEnumerable<int> Reads => new[] { Input.Id, Gate, Residual }.OfType<int>();
}

/// <summary><c>act(conv(x · gate) + b) + residual</c>; also the fully connected layer, on a 1x1 map.</summary>
internal sealed record ConvolutionStep(
    string Name,
    Value Input,
    Value Output,
    ConvolutionGeometry Geometry,
    FoldedLayer Layer
) : PlanStep(Name, Input, Output);

/// <summary>The gate of a squeeze-excite block: mean, two fully connected layers.</summary>
internal sealed record SqueezeExciteStep(string Name, Value Input, Value Output, FoldedLayer Reduce, FoldedLayer Expand)
    : PlanStep(Name, Input, Output);

/// <summary>Mean over all positions.</summary>
internal sealed record GlobalAveragePoolStep(string Name, Value Input, Value Output) : PlanStep(Name, Input, Output);

/// <summary>Maximum or mean over a window.</summary>
internal sealed record PoolStep(string Name, Value Input, Value Output, PoolKind Kind, Window Window)
    : PlanStep(Name, Input, Output);

/// <summary><c>act(x · gate) + residual</c> that found no layer to be fused into.</summary>
internal sealed record ElementwiseStep(string Name, Value Input, Value Output, Activation Activation)
    : PlanStep(Name, Input, Output);

/// <summary>Softmax over the channels.</summary>
internal sealed record SoftmaxStep(string Name, Value Input, Value Output) : PlanStep(Name, Input, Output);
