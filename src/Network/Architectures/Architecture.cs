using System.Collections.Immutable;
using System.Globalization;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>A network of the family, from which graphs of any width, resolution and number of classes are built.</summary>
public sealed class Architecture
{
    private const double MaximalWidth = 10;
    private const int MaximalAxis = 8192;
    private const int MaximalClasses = 1_000_000;

    internal Architecture(string name, params ImmutableArray<Form> forms)
    {
        Name = name;
        Forms = forms;
    }

    /// <summary>Name in the catalog, for example <c>mobilenet_v2</c>.</summary>
    public string Name { get; }

    /// <summary>The ecosystems' forms of it, the usual one first.</summary>
    public ImmutableArray<Form> Forms { get; }

    /// <summary>What it is, in a sentence.</summary>
    public string Description { get; internal init; } = "";

    /// <summary>The paper, and the implementation whose form and tensor names it has.</summary>
    public string Source { get; internal init; } = "";

    /// <summary>Width multiplier unless one is asked for.</summary>
    public double DefaultWidth { get; internal init; } = 1;

    /// <summary>Rows and columns of the input unless others are asked for.</summary>
    public Extent DefaultResolution { get; internal init; } = Extent.Square(224);

    /// <summary>Classes unless others are asked for; null for a network that ends in a feature map.</summary>
    public int? DefaultClasses { get; internal init; } = 1000;

    /// <summary>Whether the last stage can have half its channels, in the first form.</summary>
    public bool HasReducedTail => Forms[0].HasReducedTail;

    /// <summary>The form of an ecosystem.</summary>
    /// <param name="ecosystem">Its name, case does not matter; null for the first form.</param>
    /// <exception cref="ArgumentException">There is no such form; the message lists those that there are.</exception>
    public Form FormOf(string? ecosystem) =>
        ecosystem is null
            ? Forms[0]
            : Forms.FirstOrDefault(form => string.Equals(form.Ecosystem, ecosystem, StringComparison.OrdinalIgnoreCase))
                ?? throw Refused($"it has no form '{ecosystem}', only {string.Join(", ", Forms)}");

    /// <summary>Builds the graph; a classifier ends in logits, without a softmax.</summary>
    /// <param name="options">What differs from the defaults.</param>
    /// <exception cref="ArgumentException">
    /// An option is out of its range or the form does not have it, or the resolution is too small for a layer.
    /// </exception>
    public NetworkGraph Build(ArchitectureOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var form = FormOf(options.Form);
        if (options.ReducedTail && !form.HasReducedTail)
        {
            throw Refused(
                $"a reduced tail was asked for in the form of {form}; only mobilenet_v3_small and mobilenet_v3_large "
                    + "have it, in the form of torchvision"
            );
        }
        var spec = new NetworkSpec(Name, CheckedWidth(options.Width), CheckedResolution(options.Resolution))
        {
            Classes = CheckedClasses(options.Classes),
            ReducedTail = options.ReducedTail,
            Family = options.Family ?? form.Family,
        };
        return form.Build(spec);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    private double CheckedWidth(double? asked)
    {
        var width = asked ?? DefaultWidth;
        return width is > 0 and <= MaximalWidth
            ? width
            : throw Refused(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"got width {width}, expected a multiplier above 0 and at most {MaximalWidth}, such as {DefaultWidth}"
                )
            );
    }

    private Extent CheckedResolution(Extent? asked)
    {
        var (height, width) = asked ?? DefaultResolution;
        return height is >= 1 and <= MaximalAxis && width is >= 1 and <= MaximalAxis
            ? new(height, width)
            : throw Refused(
                $"got resolution {height}x{width}, expected rows and columns from 1 to {MaximalAxis}, such as {DefaultResolution}"
            );
    }

    private int CheckedClasses(int? asked)
    {
        if (DefaultClasses is not { } classes)
        {
            return asked is null
                ? 0
                : throw Refused($"got {asked} classes, but it ends in a feature map; leave the number of classes out");
        }
        var chosen = asked ?? classes;
        return chosen is >= 1 and <= MaximalClasses
            ? chosen
            : throw Refused($"got {chosen} classes, expected 1 to {MaximalClasses}, such as {classes}");
    }

    private ArgumentException Refused(string fault) => new($"{Name}: {fault}.");
}
