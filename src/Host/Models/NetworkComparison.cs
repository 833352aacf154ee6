using System.Collections.Immutable;
using System.Globalization;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Onnx;

namespace ILGpuMobileNet.Host;

/// <summary>
/// Two networks held against each other: their trained layers one by one, what each of these reads as computed from
/// those before it, their windows and their epsilons. However an exporter writes a network, these stay the same.
/// </summary>
internal sealed class NetworkComparison
{
    // Files have epsilons in single precision.
    private const double EpsilonTolerance = 1e-6;

    private readonly NetworkGraph _ownGraph;
    private readonly NetworkGraph _foundGraph;
    private readonly ImmutableArray<TrainedLayer> _own;
    private readonly ImmutableArray<TrainedLayer> _found;
    private readonly bool _asWeights;
    private readonly bool _isSymmetric;
    private readonly OperatorWeights? _weights;
    private readonly List<NetworkDifference> _differences = [];
    private readonly HashSet<(Term Own, Term Found)> _seen = [];

    private NetworkComparison(
        NetworkGraph own,
        NetworkGraph found,
        bool asWeights,
        bool isSymmetric,
        OperatorWeights? weights
    )
    {
        (_ownGraph, _asWeights, _isSymmetric, _weights) = (own, asWeights, isSymmetric, weights);
        _foundGraph = asWeights ? WithDeepestOutput(found) : found;
        (_own, _found) = (TrainedLayer.Of(own), TrainedLayer.Of(_foundGraph));
    }

    /// <summary>What differs; each difference once, with its first place.</summary>
    /// <param name="own">The network, at the resolution of the other.</param>
    /// <param name="found">The graph of a file.</param>
    /// <param name="asWeights">
    /// Whether the file's tensors are those of the network, so that its normalisations are there, and all of its outputs
    /// count; else they may be folded into other weights, and the first output counts.
    /// </param>
    /// <param name="isSymmetric">Whether the network's convolutions pad alike on all sides, whatever the size.</param>
    /// <param name="weights">The tensors of both, and how much of the network they are for; null where they do not count.</param>
    public static ImmutableArray<NetworkDifference> Of(
        NetworkGraph own,
        NetworkGraph found,
        bool asWeights,
        bool isSymmetric = false,
        OperatorWeights? weights = null
    )
    {
        var comparison = new NetworkComparison(own, found, asWeights, isSymmetric, weights);
        comparison.CompareLayers();
        return
        [
            .. comparison
                ._differences.GroupBy(difference => difference.Kind, StringComparer.Ordinal)
                .Select(group => group.First() with { Count = group.Count() }),
        ];
    }

    private void CompareLayers()
    {
        var (mayLackHead, trunk) = (_weights is { MayLackHead: true }, _weights?.Trunk);
        var agreeing = TrainedLayer.Agreeing(_own, _found);
        var expected = trunk ?? (mayLackHead ? _found.Length : Math.Max(_own.Length, _found.Length));
        if (agreeing < Math.Min(expected, CountBeforeGap() ?? expected))
        {
            var place = $"convolution {agreeing + 1}";
            Add(DifferingItem.Structure, new(place, KindIn(_own, agreeing)), new("it", KindIn(_found, agreeing)));
            return;
        }
        CompareEpsilons(trunk is { } last && last < _found.Length ? _found[last].Layer : null);
        var pairs = _own.Zip(_found).Take(Math.Min(agreeing, expected)).ToList();
        foreach (var (own, found) in pairs)
        {
            CompareWindows(own, found);
            CompareWeights(own.Layer, found.Layer);
        }
        CompareTerms(pairs, withOutput: trunk is null && _weights is not { LayersBeforeGap: not null });
        CompareOthers(trunk is > 0 and var count ? _found[Math.Min(count, _found.Length) - 1].Layer : null);
    }

    // What nothing reads that can be compared, as what is left out.
    private void CompareOthers(Layer? end)
    {
        var layers = end is null ? _foundGraph.Layers : _foundGraph.Layers[.._foundGraph.Layers.IndexOf(end)];
        var isSaid = _differences.Exists(difference => difference.Kind == nameof(Unread.IsOther));
        if (!isSaid && layers.OfType<UnreadLayer>().FirstOrDefault(layer => layer.IsOther) is { Operator: var other })
        {
            Add(DifferingItem.Structure, new("network", "computes nothing of that kind"), new("it", $"has {other}"));
        }
    }

    // What reads an operator that was left out is left out too; layers behind the first such may be others than they seem.
    private int? CountBeforeGap()
    {
        if (_weights is not { LayersBeforeGap: { } count })
        {
            return null;
        }
        var before = _foundGraph.Layers.Take(count).ToHashSet<Layer>(ReferenceEqualityComparer.Instance);
        return _found.Count(layer => before.Contains(layer.Layer));
    }

    // Further outputs may be maps inside the network.
    private static NetworkGraph WithDeepestOutput(NetworkGraph graph)
    {
        var latest = new int[graph.Layers.Length + 1];
        for (var id = 1; id < latest.Length; id++)
        {
            var layer = graph.Layers[id - 1];
            latest[id] = layer is ConvolutionLayer or LinearLayer ? id : layer.Inputs.Max(input => latest[input]);
        }
        return graph.WithOutputs(graph.OutputIds.MaxBy(id => latest[id]));
    }

    private static string KindIn(ImmutableArray<TrainedLayer> layers, int index) =>
        index < layers.Length ? $"is {layers[index].Kind} ('{layers[index].Name}')" : "is missing";

    private void CompareEpsilons(Layer? end)
    {
        // A network has one; 0 is what a normalisation has that was written as factors and offsets.
        if (_ownGraph.Layers.OfType<BatchNormLayer>().FirstOrDefault() is not { Epsilon: var own })
        {
            return;
        }
        var layers = _foundGraph.Layers.TakeWhile(layer => layer != end).OfType<BatchNormLayer>();
        foreach (var layer in layers.Where(layer => layer.Epsilon > 0))
        {
            if (Math.Abs(layer.Epsilon - own) > EpsilonTolerance * own)
            {
                // The number that was written, 0.001, not what single precision makes of it.
                var found = double.Parse(ItemText.Of((float)layer.Epsilon), CultureInfo.InvariantCulture);
                Add(
                    DifferingItem.Epsilon,
                    new("batch normalisation", $"adds an epsilon of {ItemText.Of(own)}"),
                    new($"'{layer.Name}'", $"adds {ItemText.Of(found)}") { Epsilon = found }
                );
            }
        }
    }

    private void CompareWindows(TrainedLayer own, TrainedLayer found)
    {
        if (own.Window is not { } ownWindow || found.Window is not { } foundWindow)
        {
            return;
        }
        if (ownWindow.Dilation != foundWindow.Dilation && ownWindow.Kernel != Extent.Square(1))
        {
            Add(
                DifferingItem.Structure,
                new($"convolution '{own.Name}'", $"has dilation {ownWindow.Dilation}"),
                new($"convolution '{found.Name}'", $"has dilation {foundWindow.Dilation}")
            );
        }
        else if (!own.IsPaddedAs(found, _isSymmetric))
        {
            var place = $"convolution '{own.Name}' of stride {ownWindow.Stride.Height}";
            var difference = new NetworkDifference(
                DifferingItem.Padding,
                new(place, own.PaddingWords),
                new($"convolution '{found.Name}'", found.PaddingWords)
            );
            _differences.Add(difference with { Kind = $"padding: {own.PaddingWay}, {found.PaddingWay}" });
        }
    }

    private void CompareWeights(Layer own, Layer found) =>
        _differences.AddRange(_weights?.Differences(own, found) ?? []);

    private void CompareTerms(List<(TrainedLayer Own, TrainedLayer Found)> pairs, bool withOutput)
    {
        var table = new TermTable(isFolded: !_asWeights);
        var ownTerms = table.Of(_ownGraph, _own);
        var foundTerms = table.Of(_foundGraph, _found);
        foreach (var (own, found) in pairs)
        {
            Compare(
                new(ownTerms[own.Layer.Inputs[0]], own.Place, "reads"),
                new(foundTerms[found.Layer.Inputs[0]], found.Place, "reads")
            );
        }
        CompareNormalisations(ownTerms, foundTerms, pairs.Count);
        if (withOutput)
        {
            CompareOutputs(ownTerms, foundTerms[_foundGraph.OutputId]);
        }
    }

    // What normalises the same trained layer has the same term.
    private void CompareNormalisations(Term[] ownTerms, Term[] foundTerms, int count)
    {
        if (_weights is null)
        {
            return;
        }
        var own = NormalisationsIn(_ownGraph, ownTerms).ToDictionary(norm => norm.Term, norm => norm.Layer);
        foreach (var (term, found) in NormalisationsIn(_foundGraph, foundTerms))
        {
            if (term.Latest < count && own.TryGetValue(term, out var layer))
            {
                CompareWeights(layer, found);
            }
        }
    }

    private static IEnumerable<(Term Term, Layer Layer)> NormalisationsIn(NetworkGraph graph, Term[] terms)
    {
        var isNeeded = TrainedLayer.NeededIn(graph);
        return graph
            .Layers.Select((layer, index) => (terms[index + 1], layer))
            .Where((pair, index) => isNeeded[index + 1] && pair.layer is BatchNormLayer { Epsilon: > 0 });
    }

    private void CompareOutputs(Term[] ownTerms, Term found)
    {
        var isWhole = _own.Length == _found.Length;
        var end = isWhole ? _ownGraph.OutputId : _own[_found.Length].Layer.Inputs[0];
        Compare(
            new(TermTable.WithoutEnd(ownTerms[end], withMean: isWhole), "output", "has"),
            new(TermTable.WithoutEnd(found, withMean: isWhole), "the output", "has")
        );
    }

    private void Compare(Reading own, Reading found)
    {
        var pending = new Stack<(Term Own, Term Found, bool IsGate)>([(own.Term, found.Term, false)]);
        while (pending.TryPop(out var pair))
        {
            if (pair.Own == pair.Found || !_seen.Add((pair.Own, pair.Found)))
            {
                continue;
            }
            if (pair.Found.Operation is TermTable.Factors or Unread)
            {
                AddUnknown(own with { Term = pair.Own }, found with { Term = pair.Found });
                continue;
            }
            if (pair.Own.Operation is Activation || pair.Found.Operation is Activation)
            {
                AddActivations(own with { Term = pair.Own }, found with { Term = pair.Found }, pair.IsGate);
                pending.Push((BelowActivation(pair.Own), BelowActivation(pair.Found), false));
                continue;
            }
            if (!IsComposed(pair.Own, pair.Found))
            {
                Add(DifferingItem.Structure, own.Side(pair.Own), found.Side(pair.Found));
                continue;
            }
            for (var index = 0; index < pair.Own.Operands.Length; index++)
            {
                var isGate = pair.Own.Operation is TermTable.Product && index == pair.Own.Operands.Length - 1;
                pending.Push((pair.Own.Operands[index], pair.Found.Operands[index], isGate));
            }
        }
    }

    private void AddUnknown(Reading own, Reading found)
    {
        if (OtherIn(found.Term) is { } other)
        {
            _differences.Add(
                new(DifferingItem.Structure, own.Side(own.Term), found.Side(other)) { Kind = nameof(Unread.IsOther) }
            );
            return;
        }
        var item = found.Term.Operation is Unread ? DifferingItem.Unread : DifferingItem.Undecided;
        Add(item, own.Side(own.Term), found.Side(found.Term));
    }

    // What reads an operator that is known to be another one, and cannot be read itself, mostly says nothing of it.
    private static Term? OtherIn(Term term) =>
        term.Operation is not Unread unread ? null
        : unread.IsOther ? term
        : term.Operands.Select(OtherIn).FirstOrDefault(other => other is not null);

    private static bool IsComposed(Term own, Term found) =>
        own.Operands.Length > 0
        && own.Operands.Length == found.Operands.Length
        && own.Operation.Equals(found.Operation);

    private static Term BelowActivation(Term term) => term.Operation is Activation ? term.Operands[0] : term;

    private void AddActivations(Reading own, Reading found, bool isGate)
    {
        var (ownActivation, foundActivation) = (ActivationOf(own.Term), ActivationOf(found.Term));
        if (ownActivation != foundActivation)
        {
            Add(
                isGate ? DifferingItem.Gate : DifferingItem.Activation,
                own.Side(ownActivation, isGate),
                found.Side(foundActivation, isGate)
            );
        }
    }

    private static Activation ActivationOf(Term term) => term.Operation is Activation activation ? activation : default;

    private void Add(DifferingItem item, DifferingSide own, DifferingSide found) =>
        _differences.Add(new(item, own, found));

    /// <summary>Who reads a term, for errors.</summary>
    /// <param name="Term">The term.</param>
    /// <param name="Place">The reader.</param>
    /// <param name="Verb">What it does with the term.</param>
    private readonly record struct Reading(Term Term, string Place, string Verb)
    {
        public DifferingSide Side(Term term) => new(Place, $"{Verb} {Words(term.Operation)}");

        private static string Words(object operation) =>
            operation switch
            {
                int index => $"what convolution {index + 1} computes",
                Activation activation => ItemText.Of(activation),
                _ => $"{operation}",
            };

        public DifferingSide Side(Activation activation, bool isGate)
        {
            var words = activation == default ? "no activation" : ItemText.Of(activation);
            return new(Place, isGate ? $"is gated by {words}" : $"{Verb} {words}") { Activation = activation };
        }
    }
}
