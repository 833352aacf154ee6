using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host;

/// <summary>What keeps a step from being faster, however it is written.</summary>
/// <param name="Limit">
/// <c>compute</c> where its operations take longest at the machine's peak, <c>memory</c> where its bytes do.
/// </param>
/// <param name="Level">Where its bytes come from: <c>L2</c>, <c>L3</c> or <c>memory</c>, as they fit.</param>
/// <param name="Seconds">Time at the bound, in seconds.</param>
/// <param name="Fraction">That time over the measured one: 1 is at the bound.</param>
public sealed record StepBound(string Limit, string Level, double Seconds, double Fraction)
{
    /// <summary>
    /// The rule: a step takes at least as long as its operations at the measured peak, and as its bytes at the bandwidth
    /// of the smallest level that holds what it uses together.
    /// </summary>
    /// <param name="machine">The machine.</param>
    /// <param name="flops">Floating-point operations.</param>
    /// <param name="bytes">Bytes moved.</param>
    /// <param name="workingSetBytes">Bytes used together.</param>
    /// <param name="measuredSeconds">Measured time, in seconds.</param>
    internal static StepBound Of(
        MachineBounds machine,
        long flops,
        long bytes,
        long workingSetBytes,
        double measuredSeconds
    )
    {
        var level = machine.LevelOf(workingSetBytes);
        var computing = flops / machine.FlopsPerSecond;
        var moving = bytes / level.BytesPerSecond;
        var (limit, seconds) = computing >= moving ? ("compute", computing) : ("memory", moving);
        return new(limit, level.Name, seconds, seconds / measuredSeconds);
    }
}
