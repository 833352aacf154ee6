using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>What an ecosystem calls the parameters of a layer, and in which layout it stores them.</summary>
/// <param name="Layout">Order of the axes.</param>
/// <param name="Separator">Between the layer's name and the parameter's.</param>
internal sealed record ParameterNames(TensorLayout Layout, char Separator)
{
    /// <summary>PyTorch's modules.</summary>
    public static ParameterNames Torch { get; } = new(TensorLayout.Torch, '.');

    /// <summary>Keras's layers: version 2 says <c>depthwise_kernel</c>, version 3 <c>kernel</c> there too.</summary>
    public static ParameterNames Keras { get; } =
        new(TensorLayout.TensorFlow, '/')
        {
            Weight = "kernel",
            DepthwiseWeights = ["depthwise_kernel", "kernel"],
            BatchNorm = ["gamma", "beta", "moving_mean", "moving_variance"],
        };

    /// <summary>The variables of TF-slim's layers.</summary>
    public static ParameterNames Slim { get; } =
        new(TensorLayout.TensorFlow, '/')
        {
            Weight = "weights",
            DepthwiseWeights = ["depthwise_weights"],
            Bias = "biases",
            BatchNorm = ["gamma", "beta", "moving_mean", "moving_variance"],
        };

    /// <summary>Paddle's layers.</summary>
    public static ParameterNames Paddle { get; } =
        new(TensorLayout.Paddle, '.') { BatchNorm = ["weight", "bias", "_mean", "_variance"] };

    private string Weight { get; init; } = "weight";

    private ImmutableArray<string> DepthwiseWeights { get; init; } = ["weight"];

    private string Bias { get; init; } = "bias";

    /// <summary>Scale, offset, mean and variance.</summary>
    private ImmutableArray<string> BatchNorm { get; init; } = ["weight", "bias", "running_mean", "running_var"];

    /// <summary>Names of a standard convolution's or a fully connected layer's weights and bias.</summary>
    public (ImmutableArray<string> Weight, string Bias) Filter(string layer) => ([Of(layer, Weight)], Of(layer, Bias));

    /// <summary>Names of a depthwise convolution's weights, any of which it may have, and of its bias.</summary>
    public (ImmutableArray<string> Weight, string Bias) Depthwise(string layer) =>
        ([.. DepthwiseWeights.Select(weights => Of(layer, weights))], Of(layer, Bias));

    /// <summary>gamma of a batch normalisation.</summary>
    public string Scale(string layer) => Of(layer, BatchNorm[0]);

    /// <summary>beta of a batch normalisation.</summary>
    public string Offset(string layer) => Of(layer, BatchNorm[1]);

    /// <summary>Mean of a batch normalisation.</summary>
    public string Mean(string layer) => Of(layer, BatchNorm[2]);

    /// <summary>Variance of a batch normalisation.</summary>
    public string Variance(string layer) => Of(layer, BatchNorm[3]);

    private string Of(string layer, string parameter) => $"{layer}{Separator}{parameter}";
}
