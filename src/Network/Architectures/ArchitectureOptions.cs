using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>What can be chosen about a network; what is not set is the architecture's default.</summary>
public sealed record ArchitectureOptions
{
    /// <summary>Width multiplier on the channels, above 0 and at most 10.</summary>
    public double? Width { get; init; }

    /// <summary>Rows and columns of an input image, each 1 to 8192.</summary>
    public Extent? Resolution { get; init; }

    /// <summary>Classes of the classifier, 1 to 1,000,000.</summary>
    public int? Classes { get; init; }

    /// <summary>Whether the last stage has half its channels (arXiv:1905.02244, table 8 in torchvision's reading).</summary>
    public bool ReducedTail { get; init; }

    /// <summary>Ecosystem whose form the network has, for example <c>keras</c>; null for the architecture's first.</summary>
    public string? Form { get; init; }

    /// <summary>Numerics in place of the form's own.</summary>
    public Family? Family { get; init; }
}
