using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Activations in the forms that exporters write, and softmax.</summary>
internal static class ActivationOperators
{
    private const float Six = 6;

    /// <summary>From here on a bound is none; exporters write float's largest number for infinity.</summary>
    private const float Unbounded = 1e30f;

    public static Operand Relu(OnnxOperation operation) => Append(operation, Activation.Relu);

    public static Operand HardSwish(OnnxOperation operation) => Append(operation, Activation.HardSwish);

    public static Operand Sigmoid(OnnxOperation operation) =>
        new SigmoidExpression(operation, operation.Feature(0), Activation.Sigmoid);

    public static Operand HardSigmoid(OnnxOperation operation)
    {
        var beta = operation.Single("beta", 0.5f);
        if (beta != 0.5f)
        {
            throw operation.Unsupported($"has beta {beta}", "Use 0.5.");
        }
        var slope = operation.Single("alpha", 0.2f);
        return new SigmoidExpression(operation, operation.Feature(0), Activation.HardSigmoid(slope));
    }

    public static Operand Clip(OnnxOperation operation)
    {
        var bounds = Bounds(operation);
        if (operation.Operand(0) is AffineExpression { Factor: 1, Shift: 3 } affine && bounds == (0, Six))
        {
            return new ClippedExpression(operation, affine.Input, Factor: 1, TimesInput: false);
        }
        if (operation.Operand(0) is AffineExpression { Shift: 0.5 } line && bounds == (0, 1))
        {
            var slope = Activation.HardSigmoid((float)line.Factor);
            return new SigmoidExpression(operation, line.Input, slope);
        }
        return bounds switch
        {
            (0, Six) => Append(operation, Activation.Relu6),
            (0, >= Unbounded) => Append(operation, Activation.Relu),
            (<= -Unbounded, >= Unbounded) => operation.Settled(0),
            _ => throw operation.Unsupported($"clips to [{bounds.Min}, {bounds.Max}]", "Use [0, 6] or [0, infinity]."),
        };
    }

    public static Operand Softmax(OnnxOperation operation)
    {
        var feature = operation.Feature(0);
        var axes = feature.Axes;
        // Before operator set 13 everything from the axis on counts as one long axis.
        var isCoerced = operation.Importer.Opset < 13;
        var axis = operation.CheckedAxis(operation.Integer("axis", isCoerced ? 1 : -1), axes.Length);
        var covered = isCoerced ? axes[axis..] : [axes[axis]];
        var hasOneChannel = feature.Value.Shape.Channels == 1;
        var isOverChannels = covered.All(covers => covers is Axis.Channel or Axis.One);
        if (!isOverChannels || (!hasOneChannel && !covered.Contains(Axis.Channel)))
        {
            throw operation.Unsupported(
                $"takes the softmax over axis {axis} of {feature.DimsText()}",
                "Use the channels."
            );
        }
        return feature with { Value = operation.Builder.Softmax(operation.LayerName(), feature.Value) };
    }

    /// <summary>Appends an activation of the first input.</summary>
    /// <param name="operation">The node.</param>
    /// <param name="activation">The function.</param>
    public static Feature Append(OnnxOperation operation, Activation activation) =>
        Append(operation, operation.Feature(0), activation);

    /// <summary>Appends an activation.</summary>
    /// <param name="operation">The node that names the layer.</param>
    /// <param name="feature">What it reads.</param>
    /// <param name="activation">The function.</param>
    public static Feature Append(OnnxOperation operation, Feature feature, Activation activation) =>
        feature with
        {
            Value = operation.Builder.Activation(operation.LayerName(), feature.Value, activation),
        };

    private static (float Min, float Max) Bounds(OnnxOperation operation) =>
        operation.Importer.Opset < 11
            ? (operation.Single("min", float.MinValue), operation.Single("max", float.MaxValue))
            : (Bound(operation, 1, float.MinValue), Bound(operation, 2, float.MaxValue));

    private static float Bound(OnnxOperation operation, int index, float absent)
    {
        if (!operation.HasInput(index))
        {
            return absent;
        }
        var bound = operation.Weight(index);
        return bound.Scalar
            ?? throw operation.Fault($"has the bound '{bound.Name}' {bound.DimsText}, expected a scalar.");
    }
}
