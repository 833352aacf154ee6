using ILGpuMobileNet.Host;
using static System.FormattableString;

namespace ILGpuMobileNet.Cli.Reports.Roofline;

/// <summary>Colours of operations, told apart by people with any colour vision.</summary>
internal static class StepColours
{
    private static readonly Dictionary<string, string> s_colours = new()
    {
        ["PointwiseConv"] = "#009e73",
        ["DepthwiseConv"] = "#0072b2",
        ["StandardConv"] = "#d55e00",
        ["SqueezeExcite"] = "#cc79a7",
        ["Linear"] = "#56b4e9",
        ["GlobalAveragePool"] = "#e69f00",
    };

    /// <summary>The operation without what is fused into it.</summary>
    public static string Kind(StepProfile step) => step.Operation.Split(' ')[0];

    /// <summary>Its colour.</summary>
    public static string Of(StepProfile step) => s_colours.GetValueOrDefault(Kind(step), "#777777");
}

/// <summary>What the colours and sizes of the dots mean.</summary>
internal static class ChartLegend
{
    private const double LineHeight = 20;

    /// <summary>Draws it.</summary>
    /// <param name="canvas">The picture.</param>
    /// <param name="profile">The profile.</param>
    /// <param name="at">Its upper left corner.</param>
    public static void Draw(SvgCanvas canvas, NetworkProfile profile, Point at)
    {
        using var group = canvas.Group("legend");
        at = Heading(canvas, at, "Operation, share of time");
        foreach (var kind in profile.Steps.GroupBy(StepColours.Kind).OrderByDescending(kind => kind.Sum(s => s.Share)))
        {
            var text = Invariant($"{kind.Key} {kind.Sum(step => step.Share):0.0%}");
            at = Entry(canvas, at, 6, StepColours.Of(kind.First()), text);
        }
        at = Heading(canvas, at.Move(0, 14), "Area: share of time");
        foreach (var share in new[] { 0.01, 0.05, 0.2 })
        {
            at = Entry(
                canvas,
                at.Move(0, RooflinePlot.Radius(share) / 2),
                RooflinePlot.Radius(share),
                "#999999",
                Invariant($"{share:0%}")
            );
        }
        if (profile.Steps.Any(step => step.FlopsPerByte < RooflinePlot.LeastIntensity))
        {
            canvas.Text(at.Move(0, 24), "Hollow, on the left edge: by");
            canvas.Text(at.Move(0, 40), Invariant($"bytes, below {RooflinePlot.LeastIntensity} FLOP each"));
        }
    }

    private static Point Heading(SvgCanvas canvas, Point at, string text)
    {
        canvas.Text(at.Move(0, 10), text, ("font-weight", "bold"));
        return at.Move(0, LineHeight);
    }

    private static Point Entry(SvgCanvas canvas, Point at, double radius, string colour, string text)
    {
        canvas.Shape(
            "circle",
            null,
            ("cx", at.X + 20),
            ("cy", at.Y + LineHeight / 2),
            ("r", radius),
            ("fill", colour),
            ("fill-opacity", 0.65),
            ("stroke", colour)
        );
        canvas.Text(at.Move(46, LineHeight / 2 + 4), text);
        return at.Move(0, LineHeight + radius / 2);
    }
}
