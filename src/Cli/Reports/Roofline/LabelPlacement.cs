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

/// <summary>
/// Finds places for labels beside their dots: never over another label, and over as little else as can be. The first
/// labels have the choice.
/// </summary>
/// <param name="frame">Where labels may lie.</param>
internal sealed class LabelPlacement(Box frame)
{
    /// <summary>Height of a line of text.</summary>
    public const double LineHeight = 13;

    private const double CharacterWidth = 6.4; // of a font of 10.5 units, on average
    private const int DirectionCount = 16;
    private static readonly double[] s_distances = [4, 16, 30, 48, 70];

    private readonly List<Box> _labels = [];
    private readonly List<Box> _obstacles = [];

    /// <summary>Something that labels should not cover.</summary>
    public void Avoid(Box obstacle) => _obstacles.Add(obstacle);

    /// <summary>The best place for a label, or null where every place is taken.</summary>
    /// <param name="dot">Centre of the dot.</param>
    /// <param name="radius">Its radius.</param>
    /// <param name="text">The label.</param>
    public Box? Place(Point dot, double radius, string text)
    {
        var free = Candidates(dot, radius, text.Length * CharacterWidth)
            .Where(box => frame.Contains(box) && !_labels.Exists(box.Overlaps))
            .ToList();
        if (free.Count == 0)
        {
            return null;
        }
        var best = free.MinBy(box => _obstacles.Sum(box.SharedArea)); // the nearest of equals
        _labels.Add(best);
        return best;
    }

    private static IEnumerable<Box> Candidates(Point dot, double radius, double width) =>
        from distance in s_distances
        from direction in Enumerable.Range(0, DirectionCount)
        let angle = 2 * Math.PI * direction / DirectionCount
        let x = dot.X + (radius + distance) * Math.Cos(angle)
        let y = dot.Y + (radius + distance) * Math.Sin(angle)
        // The side of the box that faces the dot touches the circle of that distance.
        select new Box(
            x - width * (1 - Math.Cos(angle)) / 2,
            y - LineHeight * (1 - Math.Sin(angle)) / 2,
            width,
            LineHeight
        );
}
