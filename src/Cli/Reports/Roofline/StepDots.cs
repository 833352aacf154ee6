using ILGpuMobileNet.Host;
using static System.FormattableString;

namespace ILGpuMobileNet.Cli.Reports.Roofline;

/// <summary>The steps: a dot each, and the names of those that take longest.</summary>
/// <param name="canvas">The picture.</param>
/// <param name="plot">Its axes.</param>
/// <param name="labels">Finds places for the names.</param>
internal sealed class StepDots(SvgCanvas canvas, RooflinePlot plot, LabelPlacement labels)
{
    private const int LabelCount = 6;
    private const int LongestLabel = 34;

    /// <summary>Draws them.</summary>
    public void Draw()
    {
        using (canvas.Group("steps"))
        {
            foreach (var dot in plot.Dots)
            {
                Draw(dot);
                labels.Avoid(Box.Around(dot.Centre, dot.Radius));
            }
        }
        using (canvas.Group("labels"))
        {
            foreach (var dot in plot.Dots.Take(LabelCount))
            {
                Label(dot);
            }
        }
    }

    private void Draw(Dot dot)
    {
        var colour = StepColours.Of(dot.Step);
        canvas.Shape(
            "circle",
            Describe(dot.Step),
            ("cx", dot.Centre.X),
            ("cy", dot.Centre.Y),
            ("r", dot.Radius),
            ("fill", dot.IsOnEdge ? "white" : colour),
            ("fill-opacity", 0.65),
            ("stroke", colour),
            ("stroke-width", dot.IsOnEdge ? 2 : 1)
        );
    }

    private void Label(Dot dot)
    {
        var name = dot.Step.Name.Length > LongestLabel ? $"{dot.Step.Name[..LongestLabel]}…" : dot.Step.Name;
        if (labels.Place(dot.Centre, dot.Radius, name) is not { } label)
        {
            return;
        }
        if (label.Distance > LabelPlacement.LineHeight / 2)
        {
            canvas.Line(label.DotEdge, label.BoxEdge, ("stroke", "#777"), ("stroke-width", 0.8));
        }
        var box = label.Box;
        canvas.Text(
            new(box.Left + box.Width / 2, box.Top + LabelPlacement.LineHeight - 3),
            name,
            [("text-anchor", "middle"), ("font-size", 10.5), .. SvgCanvas.Halo]
        );
    }

    private static string Describe(StepProfile step)
    {
        var bound = step.Bound is { } b ? Invariant($", {b.Fraction:0%} of the {b.Limit} bound") : "";
        var output = string.Join('x', step.Output);
        return Invariant(
                $"{step.Name}: {step.Operation} -> {output}, {step.Seconds * 1e6:0.0} us ({step.Share:0.0%}), "
            ) + Invariant($"{step.FlopsPerSecond / 1e9:0.0} GFLOP/s, {step.BytesPerSecond / 1e9:0.0} GB/s{bound}");
    }
}
