using ILGpuMobileNet.Network.Execution;
using static System.FormattableString;

namespace ILGpuMobileNet.Cli.Reports.Roofline;

/// <summary>The roofs: the peak, and a slope for each level that bytes come from.</summary>
/// <param name="canvas">The picture.</param>
/// <param name="plot">Its axes.</param>
/// <param name="labels">Learns where the roofs' names are.</param>
internal sealed class Roofs(SvgCanvas canvas, RooflinePlot plot, LabelPlacement labels)
{
    private const string Colour = "#444";
    private const double FontSize = 11;
    private const double CharacterWidth = 6.6;

    /// <summary>Draws them.</summary>
    /// <param name="machine">The machine.</param>
    public void Draw(MachineBounds machine)
    {
        using var group = canvas.Group("roofs");
        for (var level = 0; level < machine.Memory.Length; level++)
        {
            DrawSlope(machine.Memory[level], machine.FlopsPerSecond, level);
        }
        DrawPeak(machine);
    }

    private void DrawPeak(MachineBounds machine)
    {
        var peak = machine.FlopsPerSecond;
        var ridge = peak / machine.Memory.Max(level => level.BytesPerSecond);
        var (from, to) = (plot.At(Math.Clamp(ridge, plot.X.Low, plot.X.High), peak), plot.At(plot.X.High, peak));
        canvas.Line(from, to, ("stroke", Colour), ("stroke-width", 2));
        var text = Invariant($"multiply-add peak {peak / 1e9:0.0} GFLOP/s");
        var at = to.Move(-8 - text.Length * CharacterWidth, -6);
        Name(at, text, 0);
    }

    private void DrawSlope(MemoryBound level, double peak, int index)
    {
        var low = Math.Max(plot.X.Low, plot.Y.Low / level.BytesPerSecond);
        var high = Math.Min(plot.X.High, peak / level.BytesPerSecond);
        if (low >= high)
        {
            return; // the roof lies outside the picture
        }
        var (from, to) = (plot.At(low, low * level.BytesPerSecond), plot.At(high, high * level.BytesPerSecond));
        canvas.Line(from, to, ("stroke", Colour), ("stroke-width", 1.5), ("stroke-dasharray", Dashes(index)));
        var angle = Math.Atan2(to.Y - from.Y, to.X - from.X);
        var along = 12 + 40 * index; // so that names of roofs near each other do not meet
        var start = from.Move(
            along * Math.Cos(angle) + 5 * Math.Sin(angle),
            along * Math.Sin(angle) - 5 * Math.Cos(angle)
        );
        Name(start, Invariant($"{level.Name} {level.BytesPerSecond / 1e9:0.0} GB/s"), angle);
    }

    private static string Dashes(int index) => index == 0 ? "none" : Invariant($"{9 - 3 * index} 3");

    private void Name(Point start, string text, double angle)
    {
        canvas.Text(
            start,
            text,
            [
                ("font-size", FontSize),
                ("fill", Colour),
                ("transform", Invariant($"rotate({angle * 180 / Math.PI:0.##} {start.X:0.##} {start.Y:0.##})")),
                .. SvgCanvas.Halo,
            ]
        );
        for (var i = 0; i < text.Length; i++)
        {
            var middle = (i + 0.5) * CharacterWidth;
            labels.Avoid(Box.Around(start.Move(middle * Math.Cos(angle), middle * Math.Sin(angle) - 4), 7));
        }
    }
}
