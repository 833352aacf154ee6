using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>What a network is built for, checked and with the defaults filled in.</summary>
/// <param name="Name">Name of the architecture.</param>
/// <param name="Width">Width multiplier.</param>
/// <param name="Resolution">Rows and columns of the input.</param>
internal sealed record NetworkSpec(string Name, double Width, Extent Resolution)
{
    private const int NominalAxis = 224;

    /// <summary>Classes; 0 where the network ends in a feature map.</summary>
    public int Classes { get; init; }

    /// <summary>Whether the last stage has half its channels.</summary>
    public bool ReducedTail { get; init; }

    /// <summary>Padding, epsilon, biases and activations.</summary>
    public required Family Family { get; init; }

    /// <summary>An empty graph for RGB images, <c>[H, W, 3]</c>.</summary>
    public GraphBuilder NewGraph() => new(Name, new(Resolution.Height, Resolution.Width, 3));

    /// <summary>What the graph of a form is that only lends its layers' names.</summary>
    /// <param name="name">Name of the architecture.</param>
    /// <param name="family">Numerics of the form.</param>
    public static NetworkSpec Nominal(string name, Family family) =>
        new(name, Width: 1, Extent.Square(NominalAxis)) { Classes = 1, Family = family };

    /// <summary>Channels times width, rounded down, at least 1.</summary>
    public int Truncated(int channels) => ChannelRounding.Truncated(channels, Width);

    /// <summary>Channels times width as a multiple of 8.</summary>
    public int Divisible(int channels) => ChannelRounding.Divisible(channels, Width);
}
