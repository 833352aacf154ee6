using System.Collections.Immutable;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>
/// Which network a graph is by the sequence of its convolutions and linear layers: their kernels, strides, groups and
/// channels, which folding a normalisation or renaming a tensor leaves as they are.
/// </summary>
/// <param name="Architecture">The architecture.</param>
/// <param name="Width">Width multiplier.</param>
/// <param name="Classes">Number of classes; null for a network that ends in features.</param>
/// <param name="ReducedTail">Whether the last stage has half the channels.</param>
internal sealed record GraphIdentity(Architecture Architecture, double Width, int? Classes, bool ReducedTail)
{
    private static readonly Lazy<ImmutableArray<Outline>> _outlines = new(() =>
        [.. ArchitectureCatalog.All.SelectMany(Outline.Of)]
    );

    /// <summary>The network that a graph is; null where it is none of the catalog's, layer by layer.</summary>
    /// <param name="graph">The graph, at any resolution.</param>
    public static GraphIdentity? Of(NetworkGraph graph)
    {
        var found = KindsOf(graph);
        return _outlines
            .Value.Select(outline => outline.IdentityOf(found))
            .FirstOrDefault(identity => identity is not null);
    }

    /// <summary>The network that a graph's tensors are those of.</summary>
    /// <param name="fit">How they fit it.</param>
    public static GraphIdentity Of(WeightFit fit) => new(fit.Architecture, fit.Width, fit.Classes, fit.ReducedTail);

    /// <summary>
    /// The form that is nearest to what a graph computes, the first of several, and what differs from it, in words with
    /// both sides.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="forms">The forms that it may have.</param>
    /// <param name="asWeights">Whether its tensors are those of the network.</param>
    public (Form Form, IReadOnlyList<string> Deviations) NearestFormOf(
        NetworkGraph graph,
        IEnumerable<Form> forms,
        bool asWeights
    )
    {
        var options = new ArchitectureOptions
        {
            Width = Width,
            Classes = Classes,
            ReducedTail = ReducedTail,
            Resolution = new(graph.Input.Height, graph.Input.Width),
        };
        var (form, differences) = forms
            .Where(form => form.HasReducedTail || !ReducedTail)
            .Select(form =>
                (
                    form,
                    NetworkComparison.Of(
                        Architecture.Build(options with { Form = form.Ecosystem }),
                        graph,
                        asWeights,
                        form.Family.Padding == PaddingRule.Symmetric
                    )
                )
            )
            .MinBy(pair => pair.Item2.Length);
        return (form, [.. differences.Select(difference => difference.WordsBeside(form.ToString()))]);
    }

    private static ImmutableArray<LayerKind> KindsOf(NetworkGraph graph) =>
        [.. TrainedLayer.Of(graph).Select(layer => layer.Kind)];

    /// <summary>An architecture's sequence in one form and tail, whose channels the width decides.</summary>
    private sealed record Outline(
        Architecture Architecture,
        ArchitectureOptions Options,
        ImmutableArray<LayerKind> Usual
    )
    {
        public static IEnumerable<Outline> Of(Architecture architecture) =>
            from form in architecture.Forms
            from tail in form.HasReducedTail ? (bool[])[false, true] : [false]
            let options = new ArchitectureOptions { Form = form.Ecosystem, ReducedTail = tail }
            select new Outline(architecture, options, KindsOf(architecture.Build(options)));

        /// <summary>The network that has another sequence; null where there is none at any width.</summary>
        public GraphIdentity? IdentityOf(ImmutableArray<LayerKind> found) =>
            IsAlike(found)
                ? NetworkWidths
                    .Of(Architecture)
                    .Where(width => IsSame(KindsOf(Architecture.Build(Options with { Width = width })), found))
                    .Select(width => new GraphIdentity(Architecture, width, ClassesOf(found), Options.ReducedTail))
                    .FirstOrDefault()
                : null;

        private int? ClassesOf(ImmutableArray<LayerKind> found) =>
            Architecture.DefaultClasses is null ? null : found[^1].Outputs;

        // Windows say sooner than channels what it cannot be.
        private bool IsAlike(ImmutableArray<LayerKind> found) =>
            Usual
                .Select(kind => (kind.Kernel, kind.Stride))
                .SequenceEqual(found.Select(kind => (kind.Kernel, kind.Stride)));

        // Any number of classes is the architecture's own.
        private bool IsSame(ImmutableArray<LayerKind> own, ImmutableArray<LayerKind> found) =>
            Architecture.DefaultClasses is null
                ? own.SequenceEqual(found)
                : own[..^1].SequenceEqual(found[..^1]) && own[^1] with { Outputs = found[^1].Outputs } == found[^1];
    }
}
