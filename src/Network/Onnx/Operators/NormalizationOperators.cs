using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Batch normalisation, and constant scales and offsets per channel as one.</summary>
internal static class NormalizationOperators
{
    public static Operand BatchNormalization(OnnxOperation operation)
    {
        if (operation.Integer("training_mode", 0) != 0 || operation.Integer("spatial", 1) != 1)
        {
            throw operation.Unsupported(
                "normalises with the batch's own statistics or per position",
                "Export in eval mode."
            );
        }
        var feature = operation.Feature(0);
        if (!feature.IsNchw && feature.Axes is not [Axis.Batch, _])
        {
            throw operation.Fault($"reads {feature.DimsText()}, expected [N, C, H, W] or [N, C].");
        }
        var channels = feature.Value.Shape.Channels;
        var statistics = new BatchNormParameters(
            operation.Parameter(1, [channels]),
            operation.Parameter(2, [channels]),
            operation.Parameter(3, [channels]),
            operation.Parameter(4, [channels])
        );
        var epsilon = operation.Single("epsilon", 1e-5f);
        return Append(operation, feature, epsilon, statistics);
    }

    /// <summary>Appends <c>scale·x + offset</c> per channel as a normalisation with mean 0 and variance 1.</summary>
    /// <param name="operation">The node that names the layer.</param>
    /// <param name="feature">x.</param>
    /// <param name="scale">One number for each channel.</param>
    /// <param name="offset">One number for each channel.</param>
    public static Feature AppendAffine(OnnxOperation operation, Feature feature, Constant scale, Constant offset)
    {
        var channels = feature.Value.Shape.Channels;
        var weights = operation.Importer.Weights;
        var statistics = new BatchNormParameters(
            weights.Use(scale, [channels]),
            weights.Use(offset, [channels]),
            weights.Use(weights.Uniform(0, channels), [channels]),
            weights.Use(weights.Uniform(1, channels), [channels])
        );
        return Append(operation, feature, epsilon: 0, statistics);
    }

    private static Feature Append(
        OnnxOperation operation,
        Feature feature,
        double epsilon,
        BatchNormParameters statistics
    ) =>
        feature with
        {
            Value = operation.Builder.BatchNorm(operation.LayerName(), feature.Value, epsilon, statistics),
        };
}
