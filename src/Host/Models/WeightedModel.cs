using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>An architecture with weights from a file, or from a seed.</summary>
internal static class WeightedModel
{
    /// <summary>The network that a file's weights are of; none of them is read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="named">The architecture that the user names, if any.</param>
    /// <param name="options">What else the user says.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public static NetworkGraph LoadGraph(
        string path,
        Architecture? named,
        ModelOptions options,
        CancellationToken cancellationToken
    )
    {
        using var file = WeightFiles.Open(path, cancellationToken);
        var hasNewHead = options.NewHeadSeed is not null;
        var known = hasNewHead ? options with { Classes = null } : options;
        var own = WeightClaims.Of(file, named, known, cancellationToken);
        var graph = BuildFor(file, own, options);
        return hasNewHead ? Build(UnderNewHead(own, options), options, path) : graph;
    }

    /// <summary>The network with the weights of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="named">The architecture that the user names, if any.</param>
    /// <param name="options">What else the user says.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public static LoadedModel Load(
        string path,
        Architecture? named,
        ModelOptions options,
        CancellationToken cancellationToken
    )
    {
        if (options.RandomSeed is not null)
        {
            throw new ArgumentException(
                $"Got '{path}' and a random seed; a network needs either a weight file or a seed. Leave one of them out."
            );
        }
        if (options.NewHeadSeed is { } seed)
        {
            return WithNewHead(path, named, options, seed, cancellationToken);
        }
        var (claim, model) = Trained(path, named, options, cancellationToken);
        var loaded = Loaded(claim, model, options);
        return NewHead.LackingIn(model.Graph, model.Weights).FirstOrDefault() is { } first
            ? WithoutHead(loaded, first, claim)
            : loaded;
    }

    private static LoadedModel WithoutHead(LoadedModel loaded, Layer lacking, WeightClaim claim)
    {
        var trunk = UpTo(lacking, loaded.Model.Graph, "where the weights of its file end");
        return loaded with
        {
            Model = loaded.Model with { Graph = trunk },
            Trained = TrainedPart(claim, trunk),
            Assumptions = claim.OwnHead.IsEmpty
                ? loaded.Assumptions
                : [.. loaded.Assumptions, $"{AreOwn(claim.OwnHead)}, which features do not need."],
        };
    }

    private static (WeightClaim Claim, Model Model) Trained(
        string path,
        Architecture? named,
        ModelOptions options,
        CancellationToken cancellationToken
    )
    {
        using var file = WeightFiles.Open(path, cancellationToken);
        var claim = WeightClaims.Of(file, named, options, cancellationToken);
        var graph = BuildFor(file, claim, options);
        var weights = options.MayLackHead
            ? WeightBinding.BindTrunk(file, graph, claim.Form, cancellationToken)
            : WeightBinding.Bind(file, graph, claim.Form, cancellationToken);
        return (claim, new(graph, weights));
    }

    /// <summary>The file is held to its own number of classes; then the classifier is another one, which has no labels.</summary>
    private static LoadedModel WithNewHead(
        string path,
        Architecture? named,
        ModelOptions options,
        ulong seed,
        CancellationToken cancellationToken
    )
    {
        var (own, trained) = Trained(path, named, options with { Classes = null }, cancellationToken);
        var drawn = NewHead.LayersOf(trained.Graph, trained.Weights).Select(layer => layer.Name).ToList();
        var isWhole = !NewHead.LackingIn(trained.Graph, trained.Weights).Any();
        var claim = UnderNewHead(own, options) with
        {
            RandomLayers =
            [
                .. own.RandomLayers.Where(layer => !drawn.Contains(layer.Name)),
                .. drawn.Select(name => new RandomLayer(name, seed)),
            ],
            Assumptions = [.. own.Assumptions, AboutHead(drawn, isWhole, own.OwnHead, seed)],
        };
        var graph = claim.Build();
        return Loaded(claim, new(graph, NewHead.Attach(graph, trained.Weights, seed)), options);
    }

    private static NetworkGraph TrainedPart(WeightClaim claim, NetworkGraph graph)
    {
        var random = claim.RandomLayers.Select(layer => layer.Name).ToHashSet();
        return graph.Layers.FirstOrDefault(layer => random.Contains(layer.Name)) is { } first
            ? UpTo(first, graph, "where its random weights begin")
            : graph;
    }

    private static NetworkGraph UpTo(Layer excluded, NetworkGraph graph, string reason)
    {
        var count = graph.Layers.IndexOf(excluded);
        var name = $"{graph.Name} up to '{graph.Layers[count - 1].Name}', {reason},";
        return new(name, graph.Input, graph.Layers[..count], OutputId: count);
    }

    private static WeightClaim UnderNewHead(WeightClaim own, ModelOptions options) =>
        own.Architecture.DefaultClasses is null
            ? throw new ArgumentException(
                $"{own.Architecture} ends in a feature map; it has no head that could be new."
            )
            : own with
            {
                Variant = own.Variant with { Classes = options.Classes ?? own.Variant.Classes },
                Contract = null,
                Evidence = ContractEvidence.None,
                Labels = null,
            };

    private static string AboutHead(List<string> drawn, bool isWhole, ImmutableArray<string> ownHead, ulong seed)
    {
        var all = string.Join(" and ", drawn);
        return !ownHead.IsEmpty ? $"{AreOwn(ownHead)}: random weights from seed {seed} stand in its place, in {all}."
            : isWhole ? $"It does not use the file's {all}: random weights from seed {seed} stand there."
            : $"It has no {string.Join(" and no ", drawn)}: random weights from seed {seed} stand there.";
    }

    private static string AreOwn(ImmutableArray<string> ownHead)
    {
        var named = NameList.Of([.. ownHead.Select(name => $"'{name}'")]);
        return $"{named} {(ownHead.Length == 1 ? "is" : "are")} of a head of its own";
    }

    /// <summary>An architecture with random weights.</summary>
    /// <param name="named">The architecture.</param>
    /// <param name="options">What else the user says.</param>
    /// <exception cref="ArgumentException">There is no seed, or the options do not go together.</exception>
    public static LoadedModel Random(Architecture named, ModelOptions options)
    {
        var seed =
            options.RandomSeed
            ?? throw new ArgumentException(
                $"'{options.Model}' needs either a weight file (--weights FILE) or a seed (--random-weights SEED); in the "
                    + "library the options Weights and RandomSeed."
            );
        if (options.NewHeadSeed is not null)
        {
            throw new ArgumentException("A new head goes over weights from a file; random weights have one already.");
        }
        var (claim, graph) = Untrained(named, options);
        return Loaded(claim, new(graph, WeightFormula.Create(graph, seed)), options);
    }

    /// <summary>An architecture without weights.</summary>
    /// <param name="named">The architecture.</param>
    /// <param name="options">What else the user says.</param>
    /// <exception cref="ArgumentException">The options do not go together.</exception>
    public static (WeightClaim Claim, NetworkGraph Graph) Untrained(Architecture named, ModelOptions options)
    {
        var claim = WeightClaims.Of(named, options);
        var graph = claim.Build();
        NumericsUse.Check(claim, graph, options.Numerics);
        return (claim, graph);
    }

    /// <summary>The network that weights are of.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="claim">What they are.</param>
    /// <param name="options">What the user says.</param>
    /// <exception cref="ModelFormatException">
    /// The file's own words describe no network, or one that its tensors are not of.
    /// </exception>
    public static NetworkGraph BuildFor(WeightFile file, WeightClaim claim, ModelOptions options)
    {
        var graph = Build(claim, options, file.Path);
        if (claim.Evidence == ContractEvidence.Metadata)
        {
            DescribedWeights.CheckTensors(file, claim, graph, options.MayLackHead);
        }
        return graph;
    }

    private static NetworkGraph Build(WeightClaim claim, ModelOptions options, string path)
    {
        var graph = BuildDescribed(claim, options, path);
        NumericsUse.Check(claim, graph, options.Numerics);
        return graph;
    }

    private static NetworkGraph BuildDescribed(WeightClaim claim, ModelOptions options, string path)
    {
        try
        {
            return claim.Build();
        }
        catch (ArgumentException fault) when (claim.Evidence == ContractEvidence.Metadata && options.Resolution is null)
        {
            throw new ModelFormatException(
                path,
                $"its metadata describe no network: {fault.Message}",
                "Convert the original file again.",
                fault
            );
        }
    }

    private static LoadedModel Loaded(WeightClaim claim, Model model, ModelOptions options)
    {
        var input = new Extent(model.Graph.Input.Height, model.Graph.Input.Width);
        var preprocessing = options.PreparationOf(claim.Preprocessing, input);
        return new(model.Graph.Name, model, preprocessing, claim.Labels)
        {
            Contract = claim.Contract,
            Evidence = claim.Evidence,
            Assumptions = claim.Assumptions,
            PreparedAs = PreparationName.Of(claim.Contract, options, claim.Preprocessing, preprocessing),
            Description = claim.Describe(model.Graph, preprocessing),
            Trained = TrainedPart(claim, model.Graph),
        };
    }
}
