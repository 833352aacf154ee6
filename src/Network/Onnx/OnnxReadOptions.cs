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

    /// <summary>
    /// Whether the operators are read as far as they can be, to be compared: then axes that the file fixes may differ from
    /// <see cref="Resolution"/>, which counts for the others only, and the input may have elements of any type.
    /// </summary>
    internal bool IsPartial { get; init; }
}
