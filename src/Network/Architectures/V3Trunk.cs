using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures.Blocks;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>Names of a V3 bottleneck.</summary>
/// <param name="index">Position in the table, from 0.</param>
/// <param name="expands">Whether the block has an expansion.</param>
/// <param name="squeezes">Whether the block has a squeeze-excite.</param>
internal delegate InvertedResidualNames V3BlockNames(int index, bool expands, bool squeezes);

/// <summary>MobileNetV3 up to its last bottleneck, which the three implementations share.</summary>
/// <param name="Family">Facts of the ecosystem.</param>
/// <param name="Rows">The table.</param>
internal sealed record V3Trunk(Family Family, ImmutableArray<V3Row> Rows)
{
    /// <summary>Names of the first convolution.</summary>
    public required UnitNames Stem { get; init; }

    /// <summary>Names of the bottlenecks.</summary>
    public required V3BlockNames Block { get; init; }

    /// <summary>Channels of the stem.</summary>
    public required int StemChannels { get; init; }

    /// <summary>What follows the stem.</summary>
    public Nonlinearity StemActivation { get; init; } = Nonlinearity.HS;

    /// <summary>Channels that the block of an index expands to, from those that it reads.</summary>
    public required Func<int, int, int> Expanded { get; init; }

    /// <summary>Channels of the projections, from those at width 1.</summary>
    public required Func<int, int> Projected { get; init; }

    /// <summary>Channels in the middle of a squeeze-excite, from the expanded ones.</summary>
    public Func<int, int> Squeezed { get; init; } = ChannelRounding.Quarter;

    /// <summary>Appends the stem and the bottlenecks.</summary>
    public Value AppendTo(GraphBuilder graph)
    {
        var stem = ConvolutionUnit.HalvingStem(Stem, StemChannels, StemActivation.In(Family));
        var value = stem.AppendTo(graph, graph.Input, Family);
        for (var index = 0; index < Rows.Length; index++)
        {
            value = BlockOf(index, value.Shape.Channels).AppendTo(graph, value, Family);
        }
        return value;
    }

    private InvertedResidual BlockOf(int index, int channels)
    {
        var row = Rows[index];
        var expanded = Expanded(index, channels);
        var expands = Family.AlwaysExpands || expanded != channels;
        return new(Block(index, expands, row.SqueezeExcite), Projected(row.Out))
        {
            Expanded = expands ? expanded : null,
            Kernel = Extent.Square(row.Kernel),
            Stride = Family.BlockStride(row.Stride),
            Activation = row.Activation.In(Family),
            Squeezed = row.SqueezeExcite ? Squeezed(expanded) : null,
        };
    }
}
