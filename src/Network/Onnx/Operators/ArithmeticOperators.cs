namespace ILGpuMobileNet.Network.Onnx;

/// <summary>
/// Sums and products of computed values: residual connections, gates, and the pieces of decomposed activations. Those
/// with a constant are in <see cref="ConstantArithmetic"/>.
/// </summary>
internal static class ArithmeticOperators
{
    public static Operand Add(OnnxOperation operation) =>
        ShapeArithmetic.Compute(operation, (a, b) => checked(a + b)) is { } shape ? shape
        : WithConstant(operation) is var (index, constant) ? ConstantArithmetic.Add(operation, index, constant)
        : AddValues(operation, operation.Feature(0), operation.Feature(1));

    public static Operand Subtract(OnnxOperation operation)
    {
        if (ShapeArithmetic.Compute(operation, (a, b) => checked(a - b)) is { } shape)
        {
            return shape;
        }
        if (WithConstant(operation) is not (0, var constant))
        {
            throw operation.Unsupported("subtracts a computed value", "Subtract constants, or add.");
        }
        var negated = ConstantArithmetic.Map(operation, constant, "negated", element => -element);
        return ConstantArithmetic.Add(operation, 0, negated);
    }

    public static Operand Multiply(OnnxOperation operation) =>
        ShapeArithmetic.Compute(operation, (a, b) => checked(a * b)) is { } shape ? shape
        : WithConstant(operation) is var (index, constant) ? ConstantArithmetic.Multiply(operation, index, constant)
        : MultiplyValues(operation);

    public static Operand Divide(OnnxOperation operation)
    {
        if (ShapeArithmetic.Compute(operation, (a, b) => a / b) is { } shape)
        {
            return shape;
        }
        if (WithConstant(operation) is not (0, var constant))
        {
            throw operation.Unsupported("divides by a computed value", "Divide by constants, or multiply.");
        }
        // The reciprocal in double precision keeps x / 6 recognisable as 1/6.
        return constant.Scalar is { } scalar
            ? ConstantArithmetic.Scaled(operation, 0, 1.0 / scalar)
            : ConstantArithmetic.Multiply(
                operation,
                0,
                ConstantArithmetic.Map(operation, constant, "reciprocal", element => 1 / element)
            );
    }

    public static Operand Sum(OnnxOperation operation)
    {
        if (operation.InputCount == 2)
        {
            return Add(operation);
        }
        var sum = operation.Feature(0);
        for (var index = 1; index < operation.InputCount; index++)
        {
            sum = AddValues(operation, sum, operation.Feature(index));
        }
        return sum;
    }

    private static Feature AddValues(OnnxOperation operation, Feature left, Feature right)
    {
        if (!left.Axes.SequenceEqual(right.Axes) || left.Value.Shape != right.Value.Shape)
        {
            throw operation.Unsupported($"adds {left.DimsText()} and {right.DimsText()}", "Add values of one shape.");
        }
        return left with { Value = operation.Builder.Add(operation.LayerName(), left.Value, right.Value) };
    }

    private static Operand MultiplyValues(OnnxOperation operation) =>
        TimesOwnSigmoid(operation, 0, 1) ?? TimesOwnSigmoid(operation, 1, 0) ?? Gate(operation);

    /// <summary>x times a function of the same x: SiLU, hard-swish, or a step towards it.</summary>
    private static Operand? TimesOwnSigmoid(OnnxOperation operation, int inputIndex, int sigmoidIndex)
    {
        if (operation.Operand(sigmoidIndex) is not PointwiseExpression expression)
        {
            return null;
        }
        var (input, factor) = operation.Operand(inputIndex) switch
        {
            Feature feature => (feature, 1.0),
            AffineExpression { Shift: 0 } affine => (affine.Input, affine.Factor),
            _ => (null, 1.0),
        };
        if (input?.Value.Id != expression.Input.Value.Id)
        {
            return null;
        }
        return expression switch
        {
            ClippedExpression { TimesInput: false } clipped => clipped with
            {
                Operation = operation,
                Factor = clipped.Factor * factor,
                TimesInput = true,
            },
            SigmoidExpression { TimesInput: { } activation } when factor == 1 => ActivationOperators.Append(
                operation,
                input,
                activation
            ),
            _ => null,
        };
    }

    private static Feature Gate(OnnxOperation operation)
    {
        var (left, right) = (operation.Feature(0), operation.Feature(1));
        var (features, gate) = right.IsVector ? (left, right) : (right, left);
        var isGate =
            gate.IsVector
            && features.Axes.Length == gate.Axes.Length
            && features.Axes.IndexOf(Axis.Channel) == gate.Axes.IndexOf(Axis.Channel);
        if (!isGate)
        {
            throw operation.Unsupported(
                $"multiplies {left.DimsText()} by {right.DimsText()}",
                "Multiply a feature map by one factor per image and channel."
            );
        }
        return features with { Value = operation.Builder.Scale(operation.LayerName(), features.Value, gate.Value) };
    }

    private static (int ValueIndex, Constant Constant)? WithConstant(OnnxOperation operation) =>
        (operation.Operand(0), operation.Operand(1)) switch
        {
            (Constant, Constant) => throw operation.Unsupported("has two constants", "Export with constant folding."),
            (_, Constant) => (0, operation.Weight(1)),
            (Constant, _) => (1, operation.Weight(0)),
            _ => null,
        };
}
