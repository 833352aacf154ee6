using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Activations in the forms that exporters write, and softmax.</summary>
internal static class ActivationOperators
{
    /// <summary>From here on a bound is none; exporters write float's largest number for infinity.</summary>
    public const float Unbounded = 1e30f;

    public static Operand Relu(OnnxOperation operation) => Bounded(operation, 0, (0, float.MaxValue));

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

    public static Operand Clip(OnnxOperation operation) => Bounded(operation, 0, Bounds(operation));

    public static Operand Minimum(OnnxOperation operation)
    {
        var (index, bound) = BoundBeside(operation);
        return Bounded(operation, index, (float.MinValue, bound));
    }

    public static Operand Maximum(OnnxOperation operation)
    {
        var (index, bound) = BoundBeside(operation);
        return Bounded(operation, index, (bound, float.MaxValue));
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

    /// <summary>A value cut at bounds; one bound alone may be half of what two nodes compute together.</summary>
    private static Operand Bounded(OnnxOperation operation, int index, (float Min, float Max) bounds)
    {
        var value = operation.Operand(index);
        if (value is BoundedExpression inner)
        {
            bounds = (Within(inner.Min, bounds), Within(inner.Max, bounds));
            value = inner.Value;
        }
        else if (value is not AffineExpression)
        {
            value = operation.Feature(index);
        }
        // NaN is a bound, though none that any activation has.
        return (bounds.Min <= -Unbounded, bounds.Max >= Unbounded) switch
        {
            (true, true) => value,
            (false, false) => BoundedExpression.Recognised(operation, value, bounds),
            _ => new BoundedExpression(operation, value, bounds.Min, bounds.Max),
        };
    }

    private static float Within(float bound, (float Min, float Max) bounds) =>
        Math.Max(bounds.Min, Math.Min(bounds.Max, bound));

    /// <summary>Which input is bounded by the other one.</summary>
    private static (int Index, float Bound) BoundBeside(OnnxOperation operation)
    {
        for (var index = 0; index < operation.InputCount && operation.InputCount == 2; index++)
        {
            if (operation.Operand(1 - index) is Constant { Scalar: { } bound })
            {
                return (index, bound);
            }
        }
        throw operation.Unsupported("compares values with each other", "Compare one value with one number.");
    }

    /// <summary>What a Clip cuts off.</summary>
    /// <param name="operation">The node.</param>
    public static (float Min, float Max) Bounds(OnnxOperation operation) =>
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
