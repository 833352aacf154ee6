namespace ILGpuMobileNet.Cli.Reports.Roofline;

/// <summary>A rectangle on the canvas.</summary>
internal readonly record struct Box(double Left, double Top, double Width, double Height)
{
    /// <summary>Whether the two share an area.</summary>
    public bool Overlaps(Box other) => SharedArea(other) > 0;

    /// <summary>Whether the other lies within this one.</summary>
    public bool Contains(Box other) =>
        other.Left >= Left
        && other.Top >= Top
        && other.Left + other.Width <= Left + Width
        && other.Top + other.Height <= Top + Height;

    /// <summary>Area of what the two share.</summary>
    public double SharedArea(Box other)
    {
        var width = Math.Min(Left + Width, other.Left + other.Width) - Math.Max(Left, other.Left);
        var height = Math.Min(Top + Height, other.Top + other.Height) - Math.Max(Top, other.Top);
        return width > 0 && height > 0 ? width * height : 0;
    }

    /// <summary>The box around a circle.</summary>
    public static Box Around(Point centre, double radius) =>
        new(centre.X - radius, centre.Y - radius, 2 * radius, 2 * radius);
}

/// <summary>A label beside its dot.</summary>
/// <param name="Box">Where the text lies.</param>
/// <param name="DotEdge">Where a line between the two leaves the dot.</param>
/// <param name="BoxEdge">Where it meets the text.</param>
internal readonly record struct PlacedLabel(Box Box, Point DotEdge, Point BoxEdge)
{
    /// <summary>Length of the line.</summary>
    public double Distance => Math.Sqrt(Math.Pow(BoxEdge.X - DotEdge.X, 2) + Math.Pow(BoxEdge.Y - DotEdge.Y, 2));

    /// <summary>What the line covers, as a row of boxes.</summary>
    public IEnumerable<Box> Line()
    {
        var count = (int)(Distance / LabelPlacement.LineHeight * 2);
        var (x, y) = (BoxEdge.X - DotEdge.X, BoxEdge.Y - DotEdge.Y);
        var start = DotEdge;
        return Enumerable.Range(0, count).Select(i => Box.Around(start.Move(x * i / count, y * i / count), 2));
    }
}

/// <summary>
/// Finds places for labels beside their dots: never over another label or its line, and over as little else as can be.
/// The first labels have the choice.
/// </summary>
/// <param name="frame">Where labels may lie.</param>
internal sealed class LabelPlacement(Box frame)
{
    /// <summary>Height of a line of text.</summary>
    public const double LineHeight = 13;

    private const double CharacterWidth = 6.4; // of a font of 10.5 units, on average
    private const int DirectionCount = 16;
    private static readonly double[] s_distances = [4, 14, 26, 40, 60, 84];

    private readonly List<Box> _taken = [];
    private readonly List<Box> _obstacles = [];

    /// <summary>Something that labels should not cover.</summary>
    public void Avoid(Box obstacle) => _obstacles.Add(obstacle);

    /// <summary>The best place for a label, or null where every place is taken.</summary>
    /// <param name="dot">Centre of the dot.</param>
    /// <param name="radius">Its radius.</param>
    /// <param name="text">The label.</param>
    public PlacedLabel? Place(Point dot, double radius, string text)
    {
        var free = Candidates(dot, radius, text.Length * CharacterWidth).Where(IsFree).ToList();
        if (free.Count == 0)
        {
            return null;
        }
        var best = free.MinBy(label => _obstacles.Sum(label.Box.SharedArea)); // the nearest of equals
        _taken.Add(best.Box);
        _taken.AddRange(best.Line());
        return best;
    }

    private bool IsFree(PlacedLabel label) =>
        frame.Contains(label.Box) && !label.Line().Append(label.Box).Any(part => _taken.Exists(part.Overlaps));

    private static IEnumerable<PlacedLabel> Candidates(Point dot, double radius, double width) =>
        from distance in s_distances
        from direction in Enumerable.Range(0, DirectionCount)
        let angle = 2 * Math.PI * direction / DirectionCount
        let edge = dot.Move(radius * Math.Cos(angle), radius * Math.Sin(angle))
        let end = edge.Move(distance * Math.Cos(angle), distance * Math.Sin(angle))
        // The side of the box that faces the dot touches the end of the line.
        let box = new Box(
            end.X - width * (1 - Math.Cos(angle)) / 2,
            end.Y - LineHeight * (1 - Math.Sin(angle)) / 2,
            width,
            LineHeight
        )
        select new PlacedLabel(box, edge, end);
}
