using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Fully connected layers as Gemm, or as MatMul with an Add.</summary>
internal static class LinearOperators
{
    public static Operand Gemm(OnnxOperation operation)
    {
        var feature = operation.Feature(0);
        if (feature.Axes.Length != 2 || operation.Integer("transA", 0) != 0)
        {
            throw operation.Unsupported(
                $"reads {feature.DimsText()} or transposes it",
                "Read [N, C]; flatten before it."
            );
        }
        var weight = Weight(operation, isTransposed: operation.Integer("transB", 0) != 0);
        var scaled = Scaled(operation, weight, "alpha");
        return operation.HasInput(2)
            ? Append(operation, feature, scaled, Bias(operation, scaled.Dims[0]))
            : Biasless(operation, feature, scaled);
    }

    public static Operand MatMul(OnnxOperation operation)
    {
        var feature = operation.Feature(0);
        var isLastAxis =
            feature.Axes.Length > 1
            && (feature.Axes[^1] == Axis.Channel || (feature.Value.Shape.Channels == 1 && feature.IsVector));
        if (!isLastAxis)
        {
            throw operation.Unsupported(
                $"reads {feature.DimsText()}",
                "Read a tensor whose last axis is the channels."
            );
        }
        return Biasless(operation, feature, Weight(operation, isTransposed: false));
    }

    private static BiaslessLayer Biasless(OnnxOperation operation, Feature feature, Constant weight) =>
        new(weight.Dims[0], [.. feature.Axes[..^1], Axis.Channel], bias => Append(operation, feature, weight, bias));

    private static Feature Append(OnnxOperation operation, Feature feature, Constant weight, Parameter? bias)
    {
        var parameter = operation.Importer.Weights.Use(weight, weight.Dims);
        var value = operation.Builder.Linear(operation.LayerName(), feature.Value, parameter, bias);
        return Feature.WithAxes(value, [.. feature.Axes[..^1], Axis.Channel]);
    }

    /// <summary>The second input as <c>[O, I]</c>.</summary>
    private static Constant Weight(OnnxOperation operation, bool isTransposed)
    {
        var weight = operation.Weight(1);
        if (weight.Dims.Length != 2)
        {
            throw operation.Fault($"has weights '{weight.Name}' {weight.DimsText}, expected two axes.");
        }
        return isTransposed ? weight : ConstantTransposition.Apply(operation, weight, [1, 0]);
    }

    private static Parameter Bias(OnnxOperation operation, int outputs)
    {
        var bias = operation.Weight(2);
        var weights = operation.Importer.Weights;
        if (bias.Scalar is { } scalar)
        {
            bias = weights.Uniform(scalar, outputs);
        }
        if (bias.Count != outputs || bias.Dims[^1] != outputs)
        {
            throw operation.Fault($"has the bias '{bias.Name}' {bias.DimsText}, expected [{outputs}].");
        }
        return weights.Use(Scaled(operation, bias, "beta"), [outputs]);
    }

    private static Constant Scaled(OnnxOperation operation, Constant constant, string attribute)
    {
        var factor = operation.Single(attribute, 1);
        return factor == 1
            ? constant
            : operation.Importer.Weights.Derive(
                constant,
                FormattableString.Invariant($"times_{factor}"),
                constant.Dims,
                () => Array.ConvertAll(constant.Floats!.Values, element => element * factor)
            );
    }
}
