using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>
/// Sums and products: residual connections and gates between computed values, biases and scales with constants, and
/// the pieces of decomposed activations.
/// </summary>
internal static class ArithmeticOperators
{
    public static Operand Add(OnnxOperation operation) =>
        WithConstant(operation) is var (index, constant)
            ? AddConstant(operation, index, constant)
            : AddValues(operation);

    public static Operand Subtract(OnnxOperation operation)
    {
        if (WithConstant(operation) is not (0, var constant))
        {
            throw operation.Unsupported("subtracts a computed value", "Subtract constants, or add.");
        }
        var negated = Map(operation, constant, "negated", element => -element);
        return AddConstant(operation, 0, negated);
    }

    public static Operand Multiply(OnnxOperation operation) =>
        WithConstant(operation) is var (index, constant)
            ? MultiplyConstant(operation, index, constant)
            : MultiplyValues(operation);

    public static Operand Divide(OnnxOperation operation)
    {
        if (WithConstant(operation) is not (0, var constant))
        {
            throw operation.Unsupported("divides by a computed value", "Divide by constants, or multiply.");
        }
        // The reciprocal in double precision keeps x / 6 recognisable as 1/6.
        return constant.Scalar is { } scalar
            ? Scaled(operation, 0, 1.0 / scalar)
            : MultiplyConstant(operation, 0, Map(operation, constant, "reciprocal", element => 1 / element));
    }

    private static Operand AddConstant(OnnxOperation operation, int index, Constant constant)
    {
        if (operation.Operand(index) is BiaslessLayer layer && operation.IsOnlyReaderOf(index))
        {
            if (Broadcast(operation, layer.Axes, layer.Channels, constant) is { Length: > 1 })
            {
                return layer.WithBias(operation.Importer.Weights.Use(constant, [layer.Channels]));
            }
        }
        if (constant.Scalar is { } scalar)
        {
            return operation.Operand(index) is AffineExpression affine
                ? affine with
                {
                    Operation = operation,
                    Shift = affine.Shift + scalar,
                }
                : new AffineExpression(operation, Checked(operation, index, constant), 1, scalar);
        }
        var feature = Checked(operation, index, constant);
        var one = operation.Importer.Weights.Uniform(1, feature.Value.Shape.Channels);
        return NormalizationOperators.AppendAffine(operation, feature, one, constant);
    }

    private static Operand MultiplyConstant(OnnxOperation operation, int index, Constant constant)
    {
        if (constant.Scalar is { } scalar)
        {
            return Scaled(operation, index, scalar);
        }
        var feature = Checked(operation, index, constant);
        var zero = operation.Importer.Weights.Uniform(0, feature.Value.Shape.Channels);
        return NormalizationOperators.AppendAffine(operation, feature, constant, zero);
    }

    private static PointwiseExpression Scaled(OnnxOperation operation, int index, double factor) =>
        operation.Operand(index) switch
        {
            AffineExpression affine => affine with
            {
                Operation = operation,
                Factor = affine.Factor * factor,
                Shift = affine.Shift * factor,
            },
            ClippedExpression clipped => clipped with { Operation = operation, Factor = clipped.Factor * factor },
            _ => new AffineExpression(operation, operation.Feature(index), factor, 0),
        };

    private static Feature AddValues(OnnxOperation operation)
    {
        var (left, right) = (operation.Feature(0), operation.Feature(1));
        if (!left.Axes.SequenceEqual(right.Axes) || left.Value.Shape != right.Value.Shape)
        {
            throw operation.Fault($"adds {left.DimsText()} and {right.DimsText()}; the shapes must be equal.");
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

    private static Constant Map(OnnxOperation operation, Constant constant, string suffix, Func<float, float> map) =>
        operation.Importer.Weights.Derive(
            constant,
            suffix,
            constant.Dims,
            () => Array.ConvertAll(constant.Floats!, element => map(element))
        );

    private static Feature Checked(OnnxOperation operation, int index, Constant constant)
    {
        var feature = operation.Feature(index);
        Broadcast(operation, feature.Axes, feature.Value.Shape.Channels, constant);
        return feature;
    }

    /// <summary>Checks that a constant is a scalar or has one element for each channel.</summary>
    private static float[] Broadcast(
        OnnxOperation operation,
        ImmutableArray<Axis> axes,
        int channels,
        Constant constant
    )
    {
        var skipped = axes.Length - constant.Dims.Length;
        var fits =
            skipped >= 0
            && constant
                .Dims.Select((size, i) => size == 1 || (axes[skipped + i] == Axis.Channel && size == channels))
                .All(isFitting => isFitting);
        return fits
            ? constant.Floats!
            : throw operation.Unsupported(
                $"combines {channels} channels (axes {string.Join(", ", axes)}) with '{constant.Name}' {constant.DimsText}",
                "Use a scalar or one number per channel."
            );
    }
}
