using ILGpuMobileNet.Network.Architectures;

namespace ILGpuMobileNet.Host;

/// <summary>Widths that a network may have whose channels are compared with a graph's.</summary>
internal static class NetworkWidths
{
    private const double Step = 0.05;
    private const int StepCount = 40;

    /// <summary>The usual width of an architecture, then others.</summary>
    /// <param name="architecture">The architecture.</param>
    public static IEnumerable<double> Of(Architecture architecture) =>
        Enumerable.Range(1, StepCount).Select(step => Math.Round(step * Step, 2)).Prepend(architecture.DefaultWidth);
}
