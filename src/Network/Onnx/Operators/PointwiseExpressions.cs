using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Part of an activation that an exporter wrote as several nodes, each a function of one value x.</summary>
/// <param name="Operation">The last node so far.</param>
/// <param name="Input">x.</param>
internal abstract record PointwiseExpression(OnnxOperation Operation, Feature Input) : Deferred
{
    private const double Tolerance = 1e-5;

    /// <inheritdoc/>
    public override Feature? Origin => Input;

    /// <summary>Whether a factor is the 1/6 of hard-swish and hard-sigmoid, up to float's rounding.</summary>
    /// <param name="factor">The factor.</param>
    protected static bool IsSixth(double factor) => Math.Abs(6 * factor - 1) < Tolerance;
}

/// <summary><c>Factor·x + Shift</c>.</summary>
internal sealed record AffineExpression(OnnxOperation Operation, Feature Input, double Factor, double Shift)
    : PointwiseExpression(Operation, Input)
{
    /// <inheritdoc/>
    public override Feature Emit() =>
        NormalizationOperators.AppendAffine(Operation, Input, Vector(Factor), Vector(Shift));

    private Constant Vector(double value) =>
        Operation.Importer.Weights.Uniform((float)value, Input.Value.Shape.Channels);
}

/// <summary><c>Factor·min(max(x + 3, 0), 6)</c>, and that times x: hard-sigmoid and hard-swish where Factor is 1/6.</summary>
internal sealed record ClippedExpression(OnnxOperation Operation, Feature Input, double Factor, bool TimesInput)
    : PointwiseExpression(Operation, Input)
{
    /// <inheritdoc/>
    public override Feature Emit()
    {
        if (!IsSixth(Factor))
        {
            throw Operation.Unsupported(
                $"multiplies clip(x + 3, 0, 6) by {Factor:G6} in total",
                "Hard-swish and hard-sigmoid divide by 6."
            );
        }
        var activation = TimesInput ? Activation.HardSwish : Activation.HardSigmoid();
        return ActivationOperators.Append(Operation, Input, activation);
    }
}

/// <summary>Sigmoid or hard-sigmoid of x, which becomes SiLU or hard-swish when x is multiplied by it.</summary>
internal sealed record SigmoidExpression(OnnxOperation Operation, Feature Input, Activation Activation)
    : PointwiseExpression(Operation, Input)
{
    /// <summary>The activation that x times this is, or null where that has no name.</summary>
    public Activation? TimesInput =>
        Activation.Kind switch
        {
            ActivationKind.Sigmoid => Activation.Silu,
            ActivationKind.HardSigmoid when IsSixth(Activation.Slope) => Activation.HardSwish,
            _ => null,
        };

    /// <inheritdoc/>
    public override Feature Emit() => ActivationOperators.Append(Operation, Input, Activation);
}

/// <summary><c>min(max(v, Min), Max)</c> of a value or of <c>a·x + b</c>; one of the bounds is none.</summary>
/// <param name="Operation">The last node so far.</param>
/// <param name="Value">v: a computed value or an affine expression.</param>
/// <param name="Min">The lower bound.</param>
/// <param name="Max">The upper bound.</param>
internal sealed record BoundedExpression(OnnxOperation Operation, Operand Value, float Min, float Max) : Deferred
{
    private const float Six = 6;

    /// <summary>A value between bounds as an activation, or as part of one.</summary>
    /// <param name="operation">The last node.</param>
    /// <param name="value">The value.</param>
    /// <param name="bounds">The bounds.</param>
    public static Operand Recognised(OnnxOperation operation, Operand value, (float Min, float Max) bounds) =>
        (value, bounds) switch
        {
            (AffineExpression { Factor: 1, Shift: 3 } affine, (0, Six)) => new ClippedExpression(
                operation,
                affine.Input,
                Factor: 1,
                TimesInput: false
            ),
            (AffineExpression { Shift: 0.5 } line, (0, 1)) => new SigmoidExpression(
                operation,
                line.Input,
                Activation.HardSigmoid((float)line.Factor)
            ),
            (_, (0, Six)) => ActivationOperators.Append(operation, Settled(value), Activation.Relu6),
            (_, (0, >= ActivationOperators.Unbounded)) => ActivationOperators.Append(
                operation,
                Settled(value),
                Activation.Relu
            ),
            _ => throw operation.Unsupported($"clips to [{bounds.Min}, {bounds.Max}]", "Use [0, 6] or [0, infinity]."),
        };

    /// <inheritdoc/>
    public override Feature? Origin => Value as Feature ?? ((Deferred)Value).Origin;

    /// <inheritdoc/>
    public override Feature Emit() => Settled(Recognised(Operation, Value, (Min, Max)));

    private static Feature Settled(Operand value) => value as Feature ?? ((Deferred)value).Emit();
}
