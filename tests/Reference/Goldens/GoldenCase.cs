using System.Collections.Immutable;

namespace ILGpuMobileNet.Reference.Goldens;

/// <summary>A network or block in one size, whose weights and input follow the shared formula.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Network">Name of the network, or <c>block_...</c>.</param>
/// <param name="Width">Multiplier of the channels; blocks have none.</param>
/// <param name="InputChannels">Channels of the input.</param>
/// <param name="Height">Rows of the input.</param>
/// <param name="InputWidth">Columns of the input.</param>
/// <param name="InputBound">The tensor <c>input</c> is uniform in [-InputBound, InputBound).</param>
/// <param name="Classes">Outputs of the classifier; none where a feature map comes out.</param>
/// <param name="ReducedTail">Whether V3's last stage has half its channels.</param>
/// <param name="Batch">Images: elements of one tensor <c>[Batch, InputChannels, Height, InputWidth]</c>.</param>
/// <param name="ChannelStep">Of a large feature map the file holds every so manieth channel.</param>
/// <param name="File">File of the output, float32.</param>
/// <param name="OutputShape"><c>[N, classes]</c> or <c>[N, C, H, W]</c>, of the whole output.</param>
public sealed record GoldenCase(
    string Name,
    string Network,
    double? Width,
    int InputChannels,
    int Height,
    int InputWidth,
    double InputBound,
    int? Classes,
    bool ReducedTail,
    int Batch,
    int ChannelStep,
    string File,
    ImmutableArray<int> OutputShape
)
{
    /// <summary>Where the expected output lies: a NumPy file, float32, row-major.</summary>
    public string OutputPath => GoldenCases.PathOf(File);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
