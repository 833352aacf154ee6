using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Sums and products of a computed value and a constant.</summary>
internal static class ConstantArithmetic
{
    /// <summary>Adds a constant: the bias of the layer before, a scalar shift, or an offset per channel.</summary>
    /// <param name="operation">The node.</param>
    /// <param name="index">The computed input.</param>
    /// <param name="constant">The constant.</param>
    public static Operand Add(OnnxOperation operation, int index, Constant constant)
    {
        if (operation.Operand(index) is BiaslessLayer layer && operation.IsOnlyReaderOf(index))
        {
            if (Broadcast(operation, layer.Axes, layer.Channels, constant) is { Count: > 1 })
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

    /// <summary>Multiplies by a constant: a scalar factor, or a scale per channel.</summary>
    /// <param name="operation">The node.</param>
    /// <param name="index">The computed input.</param>
    /// <param name="constant">The constant.</param>
    public static Operand Multiply(OnnxOperation operation, int index, Constant constant)
    {
        if (constant.Scalar is { } scalar)
        {
            return Scaled(operation, index, scalar);
        }
        var feature = Checked(operation, index, constant);
        var zero = operation.Importer.Weights.Uniform(0, feature.Value.Shape.Channels);
        return NormalizationOperators.AppendAffine(operation, feature, constant, zero);
    }

    /// <summary>Multiplies by a number.</summary>
    /// <param name="operation">The node.</param>
    /// <param name="index">The computed input.</param>
    /// <param name="factor">The number.</param>
    public static PointwiseExpression Scaled(OnnxOperation operation, int index, double factor) =>
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

    /// <summary>A function of each element of a constant.</summary>
    /// <param name="operation">The node.</param>
    /// <param name="constant">The constant.</param>
    /// <param name="suffix">The end of the new name.</param>
    /// <param name="map">The function.</param>
    public static Constant Map(OnnxOperation operation, Constant constant, string suffix, Func<float, float> map) =>
        operation.Importer.Weights.Derive(
            constant,
            suffix,
            constant.Dims,
            () => Array.ConvertAll(constant.Floats!.Values, element => map(element))
        );

    private static Feature Checked(OnnxOperation operation, int index, Constant constant)
    {
        var feature = operation.Feature(index);
        Broadcast(operation, feature.Axes, feature.Value.Shape.Channels, constant);
        return feature;
    }

    /// <summary>Checks that a constant is a scalar or has one element for each channel.</summary>
    private static WeightElements Broadcast(
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
