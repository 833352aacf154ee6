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
        return Build(WeightClaims.Of(file, named, options, cancellationToken), options, path);
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
        return Loaded(claim, model, options);
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
        var graph = Build(claim, options, path);
        return (claim, new(graph, WeightBinding.Bind(file, graph, claim.Form, cancellationToken)));
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
        if (own.Architecture.DefaultClasses is null)
        {
            throw new ArgumentException($"{own.Architecture} ends in a feature map; it has no head that could be new.");
        }
        var variant = own.Variant with { Classes = options.Classes ?? trained.Graph.Output.Channels };
        var claim = own with { Variant = variant, Contract = null, Evidence = ContractEvidence.None, Labels = null };
        var graph = claim.Build();
        return Loaded(claim, new(graph, NewHead.Attach(graph, trained.Weights, seed)), options);
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
        var claim = WeightClaims.Of(named, options);
        var graph = claim.Build();
        return Loaded(claim, new(graph, WeightFormula.Create(graph, seed)), options);
    }

    /// <summary>The network that weights are of.</summary>
    /// <param name="claim">What they are.</param>
    /// <param name="options">What the user says.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFormatException">The file's own words describe no network.</exception>
    public static NetworkGraph Build(WeightClaim claim, ModelOptions options, string path)
    {
        try
        {
            var graph = claim.Build();
            CheckGate(options, graph);
            return graph;
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

    private static void CheckGate(ModelOptions options, NetworkGraph graph)
    {
        if (options.Numerics?.Gate is not null && !graph.Layers.Any(layer => layer is ScaleLayer))
        {
            throw new ArgumentException(
                $"{graph.Name} has no squeeze-excite, whose gate was named; leave the gate out."
            );
        }
    }

    private static LoadedModel Loaded(WeightClaim claim, Model model, ModelOptions options)
    {
        var input = new Extent(model.Graph.Input.Height, model.Graph.Input.Width);
        var own = options.Preprocessing ?? claim.Preprocessing;
        var preprocessing = options.PreprocessingChanges?.ApplyTo(own, input) ?? own;
        return new(model.Graph.Name, model, preprocessing, claim.Labels)
        {
            Contract = claim.Contract,
            Evidence = claim.Evidence,
            Assumptions = claim.Assumptions,
            PreparedAs = PreparationName.Of(claim, options, preprocessing),
            Description = claim.Describe(model.Graph, preprocessing),
        };
    }
}
