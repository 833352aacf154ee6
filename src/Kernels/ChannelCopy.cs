using System.Collections.Immutable;

namespace ILGpuMobileNet.Kernels;

/// <summary>Which channels of a feature map are copied to which channels of another of the same height and width.</summary>
/// <param name="Input">One input image.</param>
/// <param name="OutputChannels">Channels of the output; those that no run writes stay as they are.</param>
/// <param name="Runs">What is copied.</param>
/// <param name="ClearsPadding">Whether the output's padded channels are set to zero.</param>
internal readonly record struct ChannelCopy(
    FeatureShape Input,
    int OutputChannels,
    ImmutableArray<ChannelRun> Runs,
    bool ClearsPadding
)
{
    /// <summary>One output image.</summary>
    public FeatureShape Output => Input with { Channels = OutputChannels };

    /// <summary>Channels that are copied.</summary>
    public int Count => Runs.Sum(run => run.Count);

    /// <summary>Shapes and how many channels are copied.</summary>
    public override string ToString() => $"{Count} channels of {Input} to {OutputChannels}";
}
