namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>Tiles that were measured to be fastest; the rule for what was not measured.</summary>
/// <param name="measured">The measured ones.</param>
/// <param name="rule">For the others.</param>
internal sealed class MeasuredTiles(IReadOnlyDictionary<PointwiseProblem, PointwiseTile> measured, ITileChoice rule)
    : ITileChoice
{
    /// <inheritdoc/>
    public PointwiseTile Choose(PointwiseProblem problem) =>
        measured.TryGetValue(problem, out var tile) ? tile : rule.Choose(problem);
}
