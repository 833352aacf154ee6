using System.Collections.Immutable;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>An architecture in a form, as what a file may be of.</summary>
internal sealed class FormCandidate
{
    private const double MaximalWidth = 10;
    private const int MaximalClasses = 1_000_000;

    /// <summary>Widths that the ecosystems publish; a file is taken to have the nearest one if it fits.</summary>
    private static readonly ImmutableArray<double> _usualWidths = [0.25, 0.35, 0.5, 0.75, 1, 1.25, 1.3, 1.4, 1.5, 2];

    private readonly Form _form;
    private readonly Lazy<NetworkGraph> _usualGraph;
    private readonly Lazy<IReadOnlyList<IReadOnlyList<StoredParameter>>> _usual;

    private FormCandidate(Architecture architecture, Form form)
    {
        Architecture = architecture;
        _form = form;
        _usualGraph = new(() => Build(UsualOptions()));
        _usual = new(() => _form.ParametersOf(_usualGraph.Value));
    }

    /// <summary>What it may be of.</summary>
    public Architecture Architecture { get; }

    /// <summary>Every architecture in every form.</summary>
    public static ImmutableArray<FormCandidate> All { get; } =
    [
        .. ArchitectureCatalog.All.SelectMany(architecture =>
            architecture.Forms.Select(form => new FormCandidate(architecture, form))
        ),
    ];

    /// <summary>The usual variant beside a file's tensors.</summary>
    /// <param name="index">The file's tensors.</param>
    public FormMatch UsualMatch(TensorIndex index) => FormMatch.Best(index, _usual.Value);

    /// <summary>Names that the file has, of all that it has or the usual network needs.</summary>
    /// <param name="usual">The usual variant beside the file's tensors.</param>
    public double NameShare(FormMatch usual)
    {
        var unused = usual.Unused(Architecture.DefaultClasses is not null).Count();
        return (double)usual.MatchedCount / (usual.Pairs.Count + unused);
    }

    /// <summary>
    /// The usual variant where it fits exactly; else the one that fits best: width and classes are read off the shapes,
    /// the tail is tried both ways.
    /// </summary>
    /// <param name="index">The file's tensors.</param>
    /// <param name="usual">The usual variant beside them.</param>
    public WeightFit Fit(TensorIndex index, FormMatch usual)
    {
        var fit = FitOf(usual, _usualGraph.Value, UsualOptions());
        if (fit.IsExact || fit.IsHeadless)
        {
            return fit;
        }
        // A tail changes shapes, not names: what the file has for each name is the same.
        var shapes = usual
            .Pairs.Where(pair => pair.Tensor is not null)
            .ToDictionary(pair => pair.Parameter.Parameter.Name, pair => pair.Tensor!.Shape);
        var classes = ClassesIn(usual);
        bool[] tails = _form.HasReducedTail ? [false, true] : [false];
        return tails
            .Select(tail => new ArchitectureOptions { ReducedTail = tail, Classes = classes })
            .SelectMany(options => WidthsIn(shapes, options).Select(width => options with { Width = width }))
            .Select(options => FitOf(index, options))
            .MaxBy(fit => (fit.IsExact, fit.HasTrunk, fit.Share))!;
    }

    /// <summary>The length of the classifier's bias, which every classifier has and which comes last.</summary>
    private int? ClassesIn(FormMatch usual) =>
        Architecture.DefaultClasses is { } count
            ? usual.Pairs[^1].Tensor?.Shape is [>= 1 and <= MaximalClasses and var length]
                ? length
                : count
            : null;

    /// <summary>
    /// Widths that the widest of the trunk's vectors that change with the width, or all together, may stand for; the
    /// likeliest first.
    /// </summary>
    private IEnumerable<double> WidthsIn(Dictionary<string, ImmutableArray<int>> shapes, ArchitectureOptions options)
    {
        var half = Build(options with { Width = 0.5 }).Parameters.ToDictionary(p => p.Name, p => p.Shape);
        var changing = NewHead
            .Trunk(Build(options with { Width = 1 }))
            .Where(parameter => parameter.Shape.Length == 1)
            .Where(parameter => half.GetValueOrDefault(parameter.Name, []) is [var size] && size != parameter.Shape[0])
            .Where(parameter => shapes.GetValueOrDefault(parameter.Name, []) is [>= 1])
            .ToList();
        if (changing.Count == 0)
        {
            return [Architecture.DefaultWidth];
        }
        var widest = changing.MaxBy(parameter => parameter.Shape[0])!;
        var exact = (double)shapes[widest.Name][0] / widest.Shape[0];
        var usual = _usualWidths.MinBy(width => Math.Abs(width - exact));
        // What channels are rounded to evens out over all of them.
        var mean =
            changing.Sum(parameter => (double)shapes[parameter.Name][0])
            / changing.Sum(parameter => (double)parameter.Shape[0]);
        double[] widths = [usual, Math.Round(exact, 2), Math.Round(mean, 2), exact];
        return widths.Distinct().Where(width => width is > 0 and <= MaximalWidth);
    }

    private ArchitectureOptions UsualOptions() =>
        new() { Width = Architecture.DefaultWidth, Classes = Architecture.DefaultClasses };

    private WeightFit FitOf(TensorIndex index, ArchitectureOptions options)
    {
        var graph = Build(options);
        return FitOf(FormMatch.Best(index, _form.ParametersOf(graph)), graph, options);
    }

    private WeightFit FitOf(FormMatch match, NetworkGraph graph, ArchitectureOptions options)
    {
        var fit = FitOf(match, options);
        if (fit is { IsExact: false, Misshaped: [], Unused: [] } && NewHead.IsHead(graph, match.Lacking))
        {
            return fit with { IsHeadless = true, Options = fit.Options with { Classes = null } };
        }
        return !fit.IsExact && TrunkMatch.Of(graph, match) is { } trunk
            ? FitOf(trunk, options with { Classes = null }) with
            {
                HasOwnHead = true,
            }
            : fit;
    }

    private WeightFit FitOf(FormMatch match, ArchitectureOptions options) =>
        new(Architecture, _form, options with { Form = _form.Ecosystem })
        {
            Missing = [.. match.Missing],
            Misshaped = [.. match.Misshaped],
            Unused = [.. match.Unused(Architecture.DefaultClasses is not null)],
            UsedCount = match.MatchedCount,
            FirstName = match.FirstName,
        };

    private NetworkGraph Build(ArchitectureOptions options) =>
        Architecture.Build(options with { Form = _form.Ecosystem });
}
