using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>What a user decides about an ONNX file.</summary>
public sealed record OnnxReadOptions
{
    /// <summary>
    /// Rows and columns of the input, for files where these are symbolic; those that the file fixes must agree with them.
    /// Null takes the file's own. Symbolic channels are taken for the three of a picture.
    /// </summary>
    public Extent? Resolution { get; init; }

    /// <summary>Whether axes that the file fixes may differ from <see cref="Resolution"/>, which then counts for the others only.</summary>
    internal bool KeepsFixedAxes { get; init; }
}
