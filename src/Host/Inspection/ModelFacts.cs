using System.Collections.Immutable;
using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>What a file's use as a model would take from it and from its contract.</summary>
public sealed record ModelFacts
{
    /// <summary>
    /// The architecture; of a graph that whose names and shapes all of its tensors have, else that whose sequence of
    /// convolutions it has, else null. What its operators compute otherwise is in <see cref="Deviations"/>.
    /// </summary>
    public string? Architecture { get; init; }

    /// <summary>
    /// The ecosystem whose form of the architecture it is; null where that is not known: convolutions alone do not tell.
    /// </summary>
    public string? Ecosystem { get; init; }

    /// <summary>Width multiplier; null without an architecture.</summary>
    public double? Width { get; init; }

    /// <summary>Number of classes; null for a network that ends in features, and without an architecture.</summary>
    public int? Classes { get; init; }

    /// <summary>Whether the last stage has half the channels.</summary>
    public bool ReducedTail { get; init; }

    /// <summary>
    /// What the operators of a graph compute otherwise than the architecture does in the nearest of its forms, in words
    /// with both sides.
    /// </summary>
    public IReadOnlyList<string> Deviations { get; init; } = [];

    /// <summary>Shape of the input.</summary>
    public required FeatureShape Input { get; init; }

    /// <summary>Shape of the output.</summary>
    public required FeatureShape Output { get; init; }

    /// <summary>
    /// Padding, epsilon, gate and activation, without a gate or an activation where the network has none; null for a
    /// graph, which has its own.
    /// </summary>
    public NumericsOptions? Numerics { get; init; }

    /// <summary>Items of the numerics that a converted file was forced to have: <c>padding symmetric instead of same</c>.</summary>
    public IReadOnlyList<string> ForcedNumerics { get; init; } = [];

    /// <summary>How pictures become inputs.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>Name of the contract, where one is known or assumed.</summary>
    public string? Contract { get; init; }

    /// <summary>How the contract is known.</summary>
    public required ContractEvidence Evidence { get; init; }

    /// <summary>Whether the names of the classes are known.</summary>
    public required bool HasLabels { get; init; }

    /// <summary>What was taken for granted, in sentences.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }

    internal static ModelFacts Of(WeightClaim claim, NetworkGraph graph) =>
        new()
        {
            Architecture = claim.Architecture.Name,
            Ecosystem = claim.Form.Ecosystem,
            Width = claim.Variant.Width ?? claim.Architecture.DefaultWidth,
            Classes = claim.Architecture.DefaultClasses is null ? null : graph.Output.Channels,
            ReducedTail = claim.Variant.ReducedTail,
            Input = graph.Input,
            Output = graph.Output,
            Numerics = NumericsUse.Of(claim.Architecture, claim.Form, claim.Variant),
            ForcedNumerics = [.. claim.ForcedNumerics],
            Preprocessing = claim.Preprocessing,
            Contract = claim.Contract?.Name,
            Evidence = claim.Evidence,
            HasLabels = claim.Labels is not null,
            Assumptions = claim.Assumptions,
        };

    internal static ModelFacts Of(GraphClaim claim, NetworkGraph graph, ImmutableArray<WeightFit> fits)
    {
        var named = fits.FirstOrDefault();
        var identity = named is null ? GraphIdentity.Of(graph) : GraphIdentity.Of(named);
        var forms = named is null
            ? identity?.Architecture.Forms
            : fits.Where(fit => fit.Architecture == named.Architecture).Select(fit => fit.Form);
        var nearest = identity?.NearestFormOf(graph, forms!, asWeights: named is not null);
        return new()
        {
            Architecture = identity?.Architecture.Name,
            Ecosystem = named is null ? null : nearest?.Form.Ecosystem,
            Width = identity?.Width,
            Classes = identity?.Classes,
            ReducedTail = identity?.ReducedTail ?? false,
            Deviations = nearest?.Deviations ?? [],
            Input = graph.Input,
            Output = graph.Output,
            Preprocessing = claim.Preprocessing,
            Contract = claim.Contract?.Name,
            Evidence = claim.Evidence,
            HasLabels = claim.Labels is not null,
            Assumptions = claim.Assumptions,
        };
    }
}
