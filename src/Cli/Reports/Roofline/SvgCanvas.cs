using System.Globalization;
using System.Xml;

namespace ILGpuMobileNet.Cli.Reports.Roofline;

/// <summary>Writes an SVG picture.</summary>
internal sealed class SvgCanvas : IDisposable
{
    private const string Namespace = "http://www.w3.org/2000/svg";
    private readonly XmlWriter _writer;

    /// <summary>White around text, so that it can be read on lines.</summary>
    public static (string Name, object Value)[] Halo { get; } =
    [("stroke", "white"), ("stroke-width", 3), ("stroke-linejoin", "round"), ("paint-order", "stroke")];

    /// <summary>Begins the picture on a white ground; it scales with its frame.</summary>
    /// <param name="file">File that receives it.</param>
    /// <param name="width">Width in its own units.</param>
    /// <param name="height">Height.</param>
    /// <param name="title">What it shows.</param>
    public SvgCanvas(string file, double width, double height, string title)
    {
        _writer = XmlWriter.Create(file, new XmlWriterSettings { Indent = true });
        _writer.WriteStartElement("svg", Namespace);
        Attributes([("viewBox", FormattableString.Invariant($"0 0 {width} {height}")), ("role", "img")]);
        Attributes([("font-family", "DejaVu Sans, Verdana, sans-serif"), ("font-size", 12), ("fill", "#222")]);
        Title(title);
        Shape("rect", null, ("width", width), ("height", height), ("fill", "white"));
    }

    /// <summary>Begins a group; dispose the result to end it.</summary>
    /// <param name="name">What the group holds.</param>
    public IDisposable Group(string name)
    {
        _writer.WriteStartElement("g", Namespace);
        Attributes([("class", name)]);
        return new OpenElement(_writer);
    }

    /// <summary>Draws a shape.</summary>
    /// <param name="name">The SVG element.</param>
    /// <param name="tooltip">Text shown when it is pointed at, or null.</param>
    /// <param name="attributes">Numbers and texts.</param>
    public void Shape(string name, string? tooltip, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        _writer.WriteStartElement(name, Namespace);
        Attributes(attributes);
        if (tooltip is not null)
        {
            Title(tooltip);
        }
        _writer.WriteEndElement();
    }

    /// <summary>Draws a straight line.</summary>
    public void Line(Point from, Point to, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        Shape("line", null, [("x1", from.X), ("y1", from.Y), ("x2", to.X), ("y2", to.Y), .. attributes]);

    /// <summary>Writes text.</summary>
    /// <param name="at">Where its base line begins, or as <c>text-anchor</c> says.</param>
    /// <param name="text">The text.</param>
    /// <param name="attributes">Numbers and texts.</param>
    public void Text(Point at, string text, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        _writer.WriteStartElement("text", Namespace);
        Attributes([("x", at.X), ("y", at.Y), .. attributes]);
        _writer.WriteString(Allowed(text));
        _writer.WriteEndElement();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.WriteEndElement();
        _writer.Dispose();
    }

    private void Title(string text) => _writer.WriteElementString("title", Namespace, Allowed(text));

    private void Attributes(ReadOnlySpan<(string Name, object Value)> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            var text = value is double number ? number.ToString("0.##", CultureInfo.InvariantCulture) : $"{value}";
            _writer.WriteAttributeString(name, text);
        }
    }

    // Names come from files and may hold what XML cannot.
    private static string Allowed(string text) => string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) ? c : '?'));

    private sealed class OpenElement(XmlWriter writer) : IDisposable
    {
        public void Dispose() => writer.WriteEndElement();
    }
}

/// <summary>A place on the canvas; y grows downwards.</summary>
internal readonly record struct Point(double X, double Y)
{
    /// <summary>The place so far away.</summary>
    public Point Move(double x, double y) => new(X + x, Y + y);
}
