namespace ILGpuMobileNet.Network.Graph;

/// <summary>
/// Multiply-adds of a depthwise convolution and the pointwise one that completes it, as a fraction of those of one
/// standard convolution with the same kernel, inputs and outputs (arXiv:1704.04861, section 3.1).
/// </summary>
/// <param name="Measured">The fraction, from the multiply-adds of the layers.</param>
/// <param name="Formula"><c>1/N + 1/k²</c> for <c>N</c> outputs of the pointwise convolution and <c>k²</c> taps.</param>
public sealed record SeparableCost(double Measured, double Formula)
{
    /// <summary>The cost of a depthwise layer and its pointwise one; null for every other layer.</summary>
    internal static SeparableCost? Of(NetworkGraph graph, int index)
    {
        if (
            graph.Layers[index] is not ConvolutionLayer { Geometry.IsDepthwise: true } depthwise
            || PointwiseAfter(graph, index) is not { } pointwise
        )
        {
            return null;
        }
        var taps = depthwise.Geometry.Window.TapCount;
        double outputs = pointwise.Output.Channels;
        var standard = depthwise.Output.PixelCount * taps * depthwise.Geometry.InputChannels * outputs;
        var separable = LayerCost.Macs(depthwise) + LayerCost.Macs(pointwise);
        return new(separable / standard, 1 / outputs + 1.0 / taps);
    }

    /// <summary>The pointwise convolution that reads a layer, possibly through what is applied to each channel.</summary>
    private static ConvolutionLayer? PointwiseAfter(NetworkGraph graph, int depthwise)
    {
        var value = depthwise + 1;
        for (var index = value; index < graph.Layers.Length; index++)
        {
            var next = graph.Layers[index];
            if (next.Inputs[0] != value)
            {
                continue;
            }
            if (next is ConvolutionLayer convolution)
            {
                return IsPointwise(convolution) ? convolution : null;
            }
            value = next is BatchNormLayer or ActivationLayer or ScaleLayer ? index + 1 : value;
        }
        return null;
    }

    private static bool IsPointwise(ConvolutionLayer convolution) =>
        convolution.Geometry is { Window.IsPointwise: true, Groups: 1 };
}
