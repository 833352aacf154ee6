using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>What a user decides about an ONNX file.</summary>
public sealed record OnnxReadOptions
{
    /// <summary>
    /// Shape of one input image, for files whose input has symbolic axes; axes that the file fixes must agree with it.
    /// Null takes the file's own.
    /// </summary>
    public FeatureShape? Input { get; init; }

    /// <summary>Whether axes that the file fixes may differ from <see cref="Input"/>, which then counts for the others only.</summary>
    internal bool KeepsFixedAxes { get; init; }
}
