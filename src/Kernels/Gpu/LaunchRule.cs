using System.Globalization;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>How a pointwise convolution is computed, and with what.</summary>
/// <param name="Tile">The part of the output that a group computes; see <see cref="LaunchRule"/>.</param>
/// <param name="HasGate">Whether the input is multiplied by a gate.</param>
/// <param name="HasResidual">Whether a residual is added.</param>
internal readonly record struct PointwiseOptions(PointwiseTile Tile, bool HasGate = false, bool HasResidual = false);

/// <summary>What decides which tile is fastest.</summary>
/// <param name="Rows">Pixels of the largest batch.</param>
/// <param name="InputCount">Input channels.</param>
/// <param name="OutputCount">Output channels.</param>
internal readonly record struct PointwiseProblem(long Rows, int InputCount, int OutputCount)
{
    /// <summary>The launch of one.</summary>
    public LaunchProblem Launch =>
        new(
            nameof(PointwiseConv),
            string.Create(CultureInfo.InvariantCulture, $"{Rows} pixels, {InputCount} to {OutputCount} channels")
        );
}

/// <summary>
/// The tile with the most reuse of which there are two groups for each multiprocessor; of those as wide as the output
/// needs. Group sizes of other launches follow <see cref="LaunchShape.GroupSizeFor"/>.
/// </summary>
/// <param name="limits">The device.</param>
internal sealed class LaunchRule(DeviceLimits limits) : ILaunchChoice
{
    /// <summary>Every tile.</summary>
    public static IReadOnlyList<PointwiseTile> Tiles { get; } = Enum.GetValues<PointwiseTile>();

    /// <inheritdoc/>
    public PointwiseTile TileFor(PointwiseProblem problem)
    {
        var fitting = problem.OutputCount <= 32 ? Narrow : Wide;
        var wanted = 2L * limits.MultiprocessorCount;
        return fitting.FirstOrDefault(
            tile => GroupCount(tile, problem.Rows, problem.OutputCount) >= wanted,
            fitting[^1]
        );
    }

    /// <inheritdoc/>
    public int? GroupSizeFor(LaunchProblem problem) => null;

    /// <summary>Groups of a launch.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="rows">Pixels of the batch.</param>
    /// <param name="outputCount">Output channels.</param>
    public static long GroupCount(PointwiseTile tile, long rows, int outputCount)
    {
        var size = TileSize.Of(tile);
        return (rows + size.Rows - 1) / size.Rows * ((Float4.CountFor(outputCount) + size.Columns - 1) / size.Columns);
    }

    private static PointwiseTile[] Wide { get; } =
    [PointwiseTile.Rows64Channels64, PointwiseTile.Rows32Channels64, PointwiseTile.Rows16Channels32];

    private static PointwiseTile[] Narrow { get; } = [PointwiseTile.Rows128Channels32, PointwiseTile.Rows16Channels32];
}

/// <summary>Size of a tile.</summary>
/// <param name="Rows">Pixels.</param>
/// <param name="Columns">Output channels, in <see cref="Float4"/>.</param>
/// <param name="ThreadCount">Threads of its group.</param>
internal readonly record struct TileSize(int Rows, int Columns, int ThreadCount)
{
    /// <summary>The size of a tile.</summary>
    /// <param name="tile">The tile.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is no tile.</exception>
    public static TileSize Of(PointwiseTile tile) =>
        tile switch
        {
            PointwiseTile.Rows64Channels64 => Of<Tile64x64, EightRows>(),
            PointwiseTile.Rows128Channels32 => Of<Tile128x32, EightRows>(),
            PointwiseTile.Rows32Channels64 => Of<Tile32x64, FourRows>(),
            PointwiseTile.Rows16Channels32 => Of<Tile16x32, TwoRows>(),
            _ => throw new ArgumentOutOfRangeException(nameof(tile), tile, "Not a tile."),
        };

    private static TileSize Of<TTile, TRows>()
        where TTile : struct, IPointwiseTile<TRows>
        where TRows : struct, IRowSums<TRows> =>
        new(TTile.RowCount, TTile.ColumnCount, TTile.RowCount / TRows.Count * TTile.ColumnCount);
}
