using System.Collections.Immutable;
using ILGpuMobileNet.Host.Comparison;

namespace ILGpuMobileNet.Host.Tests.Comparison;

/// <summary>A side of a comparison whose arrays are given.</summary>
internal sealed class FixedActivations(bool isNetwork, params (ActivationEntry Entry, float[] Values)[] arrays)
    : ActivationSet(isNetwork ? "network" : "recording")
{
    public override ImmutableArray<ActivationEntry> Entries => [.. arrays.Select(array => array.Entry)];

    internal override bool IsNetwork => isNetwork;

    public static (ActivationEntry, float[]) Array(string name, int[] axes, params float[] values) =>
        (new(name, [.. axes]), Filled(axes, values));

    public static (ActivationEntry, float[]) Layer(string name, int[] axes, params float[] values) =>
        (new(name, [.. axes], ActivationLayout.ChannelsLast), Filled(axes, values));

    public static (ActivationEntry, float[]) Sum(string name, int[] axes, params float[] values) =>
        (new(name, [.. axes], ActivationLayout.ChannelsLast, IsArithmetic: true), Filled(axes, values));

    /// <summary>A convolution that may have a normalisation folded into it.</summary>
    public static (ActivationEntry, float[]) Folded(string name, int[] axes, params float[] values) =>
        (new(name, [.. axes], ActivationLayout.ChannelsLast) { MayBeFolded = true }, Filled(axes, values));

    /// <summary>Values of no pattern, others for each seed.</summary>
    public static float[] Noise(int seed, int[] axes)
    {
        var random = new Random(seed);
        return [.. Filled(axes, []).Select(_ => (float)(random.NextDouble() * (1 + (seed % 7)) - 0.2 * seed))];
    }

    public override ReadOnlyMemory<float> Read(string name, CancellationToken cancellationToken = default) =>
        arrays.Single(array => array.Entry.Name == name).Values;

    /// <summary>Without values, 1, 2, 3 and so on.</summary>
    private static float[] Filled(int[] axes, float[] values)
    {
        var count = axes.Aggregate(1, (product, axis) => product * axis);
        return values.Length > 0 ? values : [.. Enumerable.Range(1, count).Select(i => (float)i)];
    }
}
