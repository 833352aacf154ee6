using ILGpuMobileNet.Host;
using static System.FormattableString;

namespace ILGpuMobileNet.Cli.Reports.Roofline;

/// <summary>
/// The steps of a network under the roofs of the machine (doi:10.1145/1498765.1498785): to the right, operations for
/// each byte; upwards, operations a second.
/// </summary>
internal sealed class RooflineChart
{
    private const double Width = 1000;
    private const double Height = 660;
    private static readonly Box s_area = new(70, 92, 680, 500);

    private readonly NetworkProfile _profile;
    private readonly SvgCanvas _canvas;
    private readonly RooflinePlot _plot;

    private RooflineChart(NetworkProfile profile, SvgCanvas canvas) =>
        (_profile, _canvas, _plot) = (profile, canvas, new(profile, s_area));

    /// <summary>Draws a profile.</summary>
    /// <param name="file">SVG file that receives the picture.</param>
    /// <param name="profile">The profile.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string file, NetworkProfile profile)
    {
        var title = Invariant($"{profile.Model} on {profile.Device}, batch {profile.Batch}");
        using var canvas = new SvgCanvas(file, Width, Height, title);
        var chart = new RooflineChart(profile, canvas);
        chart.DrawHeading(title);
        chart.DrawAxes();
        var labels = new LabelPlacement(s_area);
        if (profile.Machine is { } machine)
        {
            new Roofs(canvas, chart._plot, labels).Draw(machine);
        }
        new StepDots(canvas, chart._plot, labels).Draw();
        ChartLegend.Draw(canvas, profile, new(s_area.Left + s_area.Width + 24, s_area.Top + 6));
    }

    private void DrawHeading(string title)
    {
        using var group = _canvas.Group("heading");
        _canvas.Text(new(s_area.Left, 30), title, ("font-size", 18), ("font-weight", "bold"));
        _canvas.Text(new(s_area.Left, 52), ProfileReport.Times(_profile));
        var machine = _profile.Machine is { } bounds
            ? ProfileReport.Describe(bounds)
            : "Bounds of this device are not measured; each step was followed by a wait.";
        _canvas.Text(new(s_area.Left, 70), machine, ("font-size", 10.5), ("fill", "#555"));
    }

    private void DrawAxes()
    {
        using var group = _canvas.Group("axes");
        var (bottom, right) = (s_area.Top + s_area.Height, s_area.Left + s_area.Width);
        foreach (var tick in _plot.X.Ticks())
        {
            var x = _plot.X.At(tick);
            _canvas.Line(new(x, s_area.Top), new(x, bottom), ("stroke", "#e4e4e4"));
            _canvas.Text(new(x, bottom + 17), Invariant($"{tick:0.#####}"), ("text-anchor", "middle"));
        }
        foreach (var tick in _plot.Y.Ticks())
        {
            var y = _plot.Y.At(tick);
            _canvas.Line(new(s_area.Left, y), new(right, y), ("stroke", "#e4e4e4"));
            _canvas.Text(new(s_area.Left - 8, y + 4), Invariant($"{tick / 1e9:0.#######}"), ("text-anchor", "end"));
        }
        _canvas.Shape(
            "rect",
            null,
            ("x", s_area.Left),
            ("y", s_area.Top),
            ("width", s_area.Width),
            ("height", s_area.Height),
            ("fill", "none"),
            ("stroke", "#888")
        );
        var middle = new Point(18, s_area.Top + s_area.Height / 2);
        _canvas.Text(new(s_area.Left + s_area.Width / 2, bottom + 40), "FLOP per byte", ("text-anchor", "middle"));
        _canvas.Text(
            middle,
            "GFLOP/s",
            ("text-anchor", "middle"),
            ("transform", Invariant($"rotate(-90 {middle.X} {middle.Y})"))
        );
    }
}
