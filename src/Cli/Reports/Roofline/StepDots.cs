using ILGpuMobileNet.Host;
using static System.FormattableString;

namespace ILGpuMobileNet.Cli.Reports.Roofline;

/// <summary>The steps: a dot each, and the names of those that take longest.</summary>
/// <param name="canvas">The picture.</param>
/// <param name="plot">Its axes.</param>
/// <param name="labels">Finds places for the names.</param>
internal sealed class StepDots(SvgCanvas canvas, RooflinePlot plot, LabelPlacement labels)
{
    private const int LabelCount = 8;
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
            ("fill", dot.Step.Flops == 0 ? "white" : colour),
            ("fill-opacity", 0.65),
            ("stroke", colour),
            ("stroke-width", dot.Step.Flops == 0 ? 2 : 1)
        );
    }

    private void Label(Dot dot)
    {
        var name = dot.Step.Name.Length > LongestLabel ? $"{dot.Step.Name[..LongestLabel]}…" : dot.Step.Name;
        if (labels.Place(dot.Centre, dot.Radius, name) is not { } box)
        {
            return;
        }
        var nearest = new Point(
            Math.Clamp(dot.Centre.X, box.Left, box.Left + box.Width),
            Math.Clamp(dot.Centre.Y, box.Top, box.Top + box.Height)
        );
        var (x, y) = (nearest.X - dot.Centre.X, nearest.Y - dot.Centre.Y);
        var distance = Math.Sqrt(x * x + y * y);
        if (distance > dot.Radius + 6)
        {
            var edge = dot.Centre.Move(x / distance * dot.Radius, y / distance * dot.Radius);
            canvas.Line(edge, nearest, ("stroke", "#777"), ("stroke-width", 0.8));
        }
        canvas.Text(
            new(box.Left + box.Width / 2, box.Top + LabelPlacement.LineHeight - 3),
            name,
            ("text-anchor", "middle"),
            ("font-size", 10.5)
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
