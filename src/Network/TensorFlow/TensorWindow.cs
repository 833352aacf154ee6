using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Onnx;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>TensorFlow's ways to pad.</summary>
internal enum TensorPadding
{
    /// <summary>As many zeros as the output needs to have <c>ceil(input / stride)</c> positions.</summary>
    Same,

    /// <summary>None.</summary>
    Valid,
}

/// <summary>The window of a convolution or pooling.</summary>
/// <param name="Stride">Distance between neighbouring outputs.</param>
/// <param name="Dilation">Distance between neighbouring taps.</param>
/// <param name="Padding">How the image is padded.</param>
/// <param name="Kernel">Size of a pooling's window; null for a convolution, whose filter says it.</param>
internal readonly record struct TensorWindow(
    Extent Stride,
    Extent Dilation,
    TensorPadding Padding,
    Extent? Kernel = null
)
{
    /// <summary>The window as an ONNX node has it.</summary>
    public IEnumerable<OnnxAttribute> Attributes
    {
        get
        {
            yield return Pair("strides", Stride);
            yield return Pair("dilations", Dilation);
            yield return NodeAttribute.Of("auto_pad", Padding == TensorPadding.Same ? "SAME_UPPER" : "VALID");
            if (Kernel is { } kernel)
            {
                yield return Pair("kernel_shape", kernel);
            }
        }
    }

    private static OnnxAttribute Pair(string name, Extent extent) =>
        NodeAttribute.Of(name, [extent.Height, extent.Width]);
}
