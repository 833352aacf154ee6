using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>How an ecosystem's width multiplier changes MobileNetV3; at width 1 all agree.</summary>
internal sealed record V3Channels
{
    /// <summary>torchvision: every column of the table is multiplied, the hidden layer too.</summary>
    public static V3Channels Torchvision { get; } =
        new() { Hidden = (spec, units) => spec.Divisible(spec.ReducedTail ? units / 2 : units) };

    /// <summary>PaddleClas: every column is multiplied; the hidden layer is not.</summary>
    public static V3Channels PaddleClas { get; } = new() { Head = Multiplied };

    /// <summary>TF-slim: expansions are multiples of the channels that a block reads; the hidden layer stays.</summary>
    public static V3Channels Slim { get; } = PaddleClas with { IsRelative = true };

    /// <summary>timm: as TF-slim, and below width 0.75 the first convolution keeps its channels.</summary>
    public static V3Channels Timm { get; } =
        Slim with
        {
            Stem = spec => spec.Width < 0.75 ? V3Rows.StemChannels : spec.Divisible(V3Rows.StemChannels),
        };

    /// <summary>Keras: as TF-slim, but the first convolution keeps its channels, and the hidden layer grows above width 1.</summary>
    public static V3Channels Keras { get; } =
        new()
        {
            IsRelative = true,
            Stem = _ => V3Rows.StemChannels,
            Hidden = (spec, units) => ChannelRounding.Divisible(units, Math.Max(1, spec.Width)),
        };

    /// <summary>Whether an expansion is a multiple of what the block reads, not of the table's number.</summary>
    public bool IsRelative { get; private init; }

    /// <summary>Channels of the first convolution.</summary>
    public Func<NetworkSpec, int> Stem { get; private init; } = spec => spec.Divisible(V3Rows.StemChannels);

    /// <summary>Channels of the last convolution, from the table and from the channels that it reads.</summary>
    public Func<NetworkSpec, ImmutableArray<V3Row>, int, int> Head { get; private init; } =
        (_, _, channels) => V3Rows.HeadExpansion * channels;

    /// <summary>Units of the hidden layer, from those at width 1.</summary>
    public Func<NetworkSpec, int, int> Hidden { get; private init; } = (_, units) => units;

    /// <summary>Channels that a block expands to.</summary>
    /// <param name="spec">Width.</param>
    /// <param name="rows">The table.</param>
    /// <param name="index">Which row.</param>
    /// <param name="channels">Channels that the block reads.</param>
    public int Expanded(NetworkSpec spec, ImmutableArray<V3Row> rows, int index, int channels)
    {
        if (!IsRelative)
        {
            return spec.Divisible(rows[index].Expanded);
        }
        var read = index == 0 ? V3Rows.StemChannels : rows[index - 1].Out;
        return ChannelRounding.Divisible(channels, (double)rows[index].Expanded / read);
    }

    private static int Multiplied(NetworkSpec spec, ImmutableArray<V3Row> rows, int channels) =>
        spec.Divisible(V3Rows.HeadExpansion * rows[^1].Out);
}
