using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Graph;

/// <summary>Kind, parameters and multiply-adds of a layer.</summary>
internal static class LayerCost
{
    public static string Kind(Layer layer) =>
        layer switch
        {
            ConvolutionLayer convolution => Kind(convolution),
            BatchNormLayer => "batch norm",
            ActivationLayer activation => activation.Activation.ToString(),
            AddLayer => "add",
            ScaleLayer => "scale",
            GlobalAveragePoolLayer => "global average pool",
            PoolLayer pool => pool.Kind == PoolKind.Max ? "max pool" : "average pool",
            LinearLayer => "linear",
            SoftmaxLayer => "softmax",
            ConcatLayer => "concat",
            SelectChannelsLayer => "channel selection",
            _ => throw new NotSupportedException(
                $"Layer '{layer.Name}' is a {layer.GetType().Name}, which has no kind."
            ),
        };

    /// <summary>Trained parameters; the statistics of a batch normalisation are not.</summary>
    public static long Parameters(Layer layer) =>
        layer is BatchNormLayer { Statistics: var statistics }
            ? statistics.Scale.ElementCount + statistics.Offset.ElementCount
            : layer.Parameters.Sum(parameter => parameter.ElementCount);

    /// <summary>Multiply-adds of one image: each weight of a convolution is used once per output position.</summary>
    public static long Macs(Layer layer) =>
        layer switch
        {
            ConvolutionLayer convolution => checked(convolution.Output.PixelCount * convolution.Weight.ElementCount),
            LinearLayer linear => linear.Weight.ElementCount,
            _ => 0,
        };

    private static string Kind(ConvolutionLayer convolution) =>
        convolution.Geometry switch
        {
            { IsDepthwise: true } => "depthwise convolution",
            { Groups: > 1 } => "grouped convolution",
            { Window.TapCount: 1 } => "pointwise convolution",
            _ => "standard convolution",
        };
}
