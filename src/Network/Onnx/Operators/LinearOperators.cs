using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>
/// Fully connected layers as Gemm, or as MatMul with an Add; on a map with channels last they are convolutions of each
/// pixel.
/// </summary>
internal static class LinearOperators
{
    public static Operand Gemm(OnnxOperation operation)
    {
        var isVector = operation.Operand(0) is FlattenedMap || operation.Feature(0).Axes.Length == 2;
        if (!isVector || operation.Integer("transA", 0) != 0)
        {
            throw operation.Unsupported(
                $"reads {operation.Feature(0).DimsText()} or transposes it",
                "Read [N, C]; flatten before it."
            );
        }
        var weight = Weight(operation, isTransposed: operation.Integer("transB", 0) != 0);
        var scaled = Scaled(operation, weight, "alpha");
        return operation.HasInput(2)
            ? Append(operation, scaled, Bias(operation, scaled.Dims[0]))
            : Biasless(operation, scaled);
    }

    public static Operand MatMul(OnnxOperation operation)
    {
        var isLastAxis =
            operation.Operand(0) is FlattenedMap
            || operation.Feature(0) is { Axes: [.., _, var last] } feature
                && (last == Axis.Channel || (feature.Value.Shape.Channels == 1 && feature.IsVector));
        if (!isLastAxis)
        {
            throw operation.Unsupported(
                $"reads {operation.Feature(0).DimsText()}",
                "Read a tensor whose last axis is the channels."
            );
        }
        return Biasless(operation, Weight(operation, isTransposed: false));
    }

    private static BiaslessLayer Biasless(OnnxOperation operation, Constant weight) =>
        new(weight.Dims[0], ProductAxes(operation), bias => Append(operation, weight, bias));

    private static ImmutableArray<Axis> ProductAxes(OnnxOperation operation) =>
        operation.Operand(0) is FlattenedMap
            ? FlattenedMap.ProductAxes
            : [.. operation.Feature(0).Axes[..^1], Axis.Channel];

    private static Feature Append(OnnxOperation operation, Constant weight, Parameter? bias)
    {
        if (operation.Operand(0) is FlattenedMap map)
        {
            return map.Append(operation, weight, bias);
        }
        var feature = operation.Feature(0);
        var value = feature.IsVector
            ? operation.Builder.Linear(
                operation.LayerName(),
                feature.Value,
                operation.Importer.Weights.Use(weight, weight.Dims),
                bias
            )
            : AppendToPixels(operation, feature, weight, bias);
        return Feature.WithAxes(value, ProductAxes(operation));
    }

    private static Value AppendToPixels(OnnxOperation operation, Feature feature, Constant weight, Parameter? bias)
    {
        var channels = feature.Value.Shape.Channels;
        return weight.Dims[1] == channels
            ? ConvolutionOperators.Append(operation, feature.Value, weight, Extent.Square(1), bias)
            : throw operation.Fault(
                $"has weights '{weight.Name}' for {weight.Dims[1]} inputs, but reads {channels} channels."
            );
    }

    /// <summary>The second input as <c>[O, I]</c>.</summary>
    private static Constant Weight(OnnxOperation operation, bool isTransposed)
    {
        var weight = operation.Weight(1);
        if (weight.Dims.Length != 2)
        {
            throw operation.Unsupported($"has weights '{weight.Name}' {weight.DimsText}", "Use weights with two axes.");
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
