using System.Globalization;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>A launch that can be made in several ways of equal result.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Shape">Everything besides that decides which way is fastest, the largest batch included.</param>
internal readonly record struct LaunchProblem(string Operation, string Shape);

/// <summary>One way of making a launch.</summary>
/// <param name="Name">Its name among the others.</param>
/// <param name="Choice">Takes it.</param>
internal readonly record struct LaunchVariant(string Name, ILaunchChoice Choice);

/// <summary>The ways of making a launch.</summary>
/// <param name="Problem">The launch.</param>
/// <param name="Chosen">Name of the one that is taken.</param>
/// <param name="All">All of them.</param>
internal sealed record LaunchVariants(LaunchProblem Problem, string Chosen, IReadOnlyList<LaunchVariant> All);

/// <summary>Chooses tiles and group sizes, by a rule or from measurements. They change the speed, never a result.</summary>
internal interface ILaunchChoice
{
    /// <summary>The tile of a pointwise convolution.</summary>
    /// <param name="problem">Its size.</param>
    PointwiseTile TileFor(PointwiseProblem problem);

    /// <summary>
    /// Threads of a group of a launch of the largest batch; null leaves this one and those of smaller batches to
    /// <see cref="LaunchShape.GroupSizeFor"/>.
    /// </summary>
    /// <param name="problem">The launch.</param>
    int? GroupSizeFor(LaunchProblem problem);
}

/// <summary>The same for every launch.</summary>
/// <param name="tile">The tile.</param>
/// <param name="groupSize">Threads of a group; null means by the rule.</param>
internal sealed class FixedLaunches(PointwiseTile tile, int? groupSize = null) : ILaunchChoice
{
    /// <inheritdoc/>
    public PointwiseTile TileFor(PointwiseProblem problem) => tile;

    /// <inheritdoc/>
    public int? GroupSizeFor(LaunchProblem problem) => groupSize;
}

/// <summary>What was measured to be fastest; the rule for what was not, and where a name means nothing.</summary>
/// <param name="measured">Names of the fastest variants.</param>
/// <param name="rule">For the others.</param>
internal sealed class MeasuredLaunches(IReadOnlyDictionary<LaunchProblem, string> measured, ILaunchChoice rule)
    : ILaunchChoice
{
    /// <inheritdoc/>
    public PointwiseTile TileFor(PointwiseProblem problem) =>
        Enum.TryParse<PointwiseTile>(measured.GetValueOrDefault(problem.Launch), out var tile) && Enum.IsDefined(tile)
            ? tile
            : rule.TileFor(problem);

    /// <inheritdoc/>
    public int? GroupSizeFor(LaunchProblem problem) =>
        int.TryParse(measured.GetValueOrDefault(problem), CultureInfo.InvariantCulture, out var size)
        && LaunchShape.GroupSizes.Contains(size)
            ? size
            : rule.GroupSizeFor(problem);
}
