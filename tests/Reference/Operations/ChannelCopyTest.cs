using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>One rearrangement of channels to test or to measure; together the runs write every output channel.</summary>
/// <param name="Batch">Images.</param>
/// <param name="Input">One input image.</param>
/// <param name="OutputChannels">Channels of the output.</param>
/// <param name="Runs">What is copied.</param>
public sealed record ChannelCopyTest(int Batch, FeatureShape Input, int OutputChannels, ImmutableArray<ChannelRun> Runs)
{
    /// <summary>The cases every implementation is held to.</summary>
    public static IReadOnlyList<ChannelCopyTest> All { get; } =
    [
        new(1, new(1, 1, 1), 1, [ChannelRun.Neighbours(0, 0, 1)]),
        new(2, new(3, 5, 17), 4, [ChannelRun.Neighbours(13, 0, 4)]),
        new(3, new(2, 3, 58), 19, [ChannelRun.Neighbours(1, 0, 19)]),
        Shuffle(new(5, 4, 12), 3),
        Shuffle(new(4, 3, 116), 2),
        new(2, new(2, 2, 5), 13, [ChannelRun.Neighbours(0, 8, 5), ChannelRun.Neighbours(0, 3, 5), new(4, -2, 0, 1, 3)]),
    ];

    /// <summary>ShuffleNet's shuffle in two images.</summary>
    /// <param name="input">One input image.</param>
    /// <param name="groups">Groups.</param>
    public static ChannelCopyTest Shuffle(FeatureShape input, int groups)
    {
        var size = input.Channels / groups;
        var runs = Enumerable.Range(0, groups).Select(i => new ChannelRun(i * size, 1, i, groups, size));
        return new(2, input, input.Channels, [.. runs]);
    }

    /// <summary>One output image.</summary>
    public FeatureShape Output => Input with { Channels = OutputChannels };

    /// <summary>What an operation is made of.</summary>
    internal ChannelCopy Copy => new(Input, OutputChannels, Runs, ClearsPadding: true);

    /// <summary><c>[N, H, W, C]</c>.</summary>
    public float[] InputValues() => TestValues.Uniform(1, Batch * Input.ElementCount);

    /// <summary>What every implementation must give, to the bit.</summary>
    public float[] Expected() =>
        ReferenceOperations.CopyChannels(
            (InputValues(), Input.Channels),
            (new float[Batch * Output.ElementCount], OutputChannels),
            Runs
        );

    /// <summary>Everything of the case, short enough for a table.</summary>
    public override string ToString() => $"{Batch} x {Input} -> {OutputChannels}, {string.Join(", ", Runs)}";
}
