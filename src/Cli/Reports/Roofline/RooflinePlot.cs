using ILGpuMobileNet.Host;

namespace ILGpuMobileNet.Cli.Reports.Roofline;

/// <summary>One step in the picture.</summary>
/// <param name="Step">The step.</param>
/// <param name="Centre">Where it lies.</param>
/// <param name="Radius">Its area is its share of the time.</param>
/// <param name="IsOnEdge">Whether it has too few operations for the axis, and lies where it begins.</param>
internal readonly record struct Dot(StepProfile Step, Point Centre, double Radius, bool IsOnEdge);

/// <summary>Axes of the picture, and where everything lies between them.</summary>
internal sealed class RooflinePlot
{
    private const double RadiusOfAll = 42; // of a step that takes all the time
    private const double SmallestRadius = 2.5;

    /// <summary>Operations for each byte below which a step lies on the left edge.</summary>
    public const double LeastIntensity = 0.05;

    /// <summary>Chooses axes that show every step and the peak.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="area">Where the plot lies on the canvas.</param>
    public RooflinePlot(NetworkProfile profile, Box area)
    {
        Area = area;
        double[] intensities =
        [
            .. profile.Steps.Select(step => step.FlopsPerByte).Where(value => value >= LeastIntensity),
        ];
        X = LogScale.Around([LeastIntensity, .. intensities], area.Left, area.Left + area.Width);
        double[] peak = profile.Machine is { } machine ? [machine.FlopsPerSecond] : [];
        Y = LogScale.Around([.. profile.Steps.Select(Rate), .. peak], area.Top + area.Height, area.Top);
        Dots = [.. profile.Steps.OrderByDescending(step => step.Share).Select(DotOf)];
    }

    /// <summary>Where the plot lies.</summary>
    public Box Area { get; }

    /// <summary>Operations for each byte.</summary>
    public LogScale X { get; }

    /// <summary>Operations a second.</summary>
    public LogScale Y { get; }

    /// <summary>The steps, the longest first so that the short ones lie above them.</summary>
    public IReadOnlyList<Dot> Dots { get; }

    /// <summary>Radius of a share of the time.</summary>
    /// <param name="share">From 0 to 1.</param>
    public static double Radius(double share) => Math.Max(SmallestRadius, RadiusOfAll * Math.Sqrt(share));

    /// <summary>Where a step of some intensity and rate lies.</summary>
    public Point At(double flopsPerByte, double flopsPerSecond) => new(X.At(flopsPerByte), Y.At(flopsPerSecond));

    private Dot DotOf(StepProfile step)
    {
        var isOnEdge = step.FlopsPerByte < LeastIntensity;
        return new(step, At(isOnEdge ? X.Low : step.FlopsPerByte, Rate(step)), Radius(step.Share), isOnEdge);
    }

    // On the edge, a step lies as far below the roofs of memory as its bytes are.
    private double Rate(StepProfile step) =>
        step.FlopsPerByte < LeastIntensity ? step.BytesPerSecond * X.Low : step.FlopsPerSecond;
}
