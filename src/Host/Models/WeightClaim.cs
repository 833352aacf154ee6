using System.Collections.Immutable;
using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>Which network weights are of and what they expect, known before a tensor is read.</summary>
/// <param name="Architecture">The architecture.</param>
/// <param name="Form">Its form, with the names and layout that the weights are in.</param>
/// <param name="Variant">Width, classes, tail, size of the input, and the form's numerics or those forced.</param>
internal sealed record WeightClaim(Architecture Architecture, Form Form, ArchitectureOptions Variant)
{
    /// <summary>The contract, where one is known.</summary>
    public WeightContract? Contract { get; init; }

    /// <summary>How it is known.</summary>
    public ContractEvidence Evidence { get; init; }

    /// <summary>How pictures become inputs, before changes that the user asks for.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>Names of the classes, where they are known.</summary>
    public Labels? Labels { get; init; }

    /// <summary>Tensors of a head of the file's own; none where it has the network's or no head.</summary>
    public ImmutableArray<string> OwnHead { get; init; } = [];

    /// <summary>Layers that have random weights, in the network's order.</summary>
    public ImmutableArray<RandomLayer> RandomLayers { get; init; } = [];

    /// <summary>What was taken for granted, in sentences.</summary>
    public ImmutableArray<string> Assumptions { get; init; } = [];

    /// <summary>Architecture, form and variant in words.</summary>
    public string Network => new WeightFit(Architecture, Form, Variant).ToString();

    /// <summary>Items of the arithmetic that were forced to be other than the form's.</summary>
    public IEnumerable<string> ForcedNumerics =>
        NumericsOptions.Of(Family).DifferencesFrom(Form.Family).Select(item => item.ToString());

    /// <summary>Rows and columns of the input.</summary>
    public Extent Resolution => Variant.Resolution ?? Architecture.DefaultResolution;

    private Family Family => Variant.Family ?? Form.Family;

    /// <summary>The network.</summary>
    public NetworkGraph Build() => Architecture.Build(Variant);

    /// <summary>What a converted file says about the weights.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="preprocessing">How pictures become inputs.</param>
    public ModelDescription Describe(NetworkGraph graph, Preprocessing preprocessing) =>
        new()
        {
            Architecture = Architecture.Name,
            Ecosystem = Form.Ecosystem,
            Width = Variant.Width ?? Architecture.DefaultWidth,
            Resolution = new(graph.Input.Height, graph.Input.Width),
            Classes = Architecture.DefaultClasses is null ? null : graph.Output.Channels,
            ReducedTail = Variant.ReducedTail,
            Numerics = NumericsOptions.Of(Family),
            Preprocessing = preprocessing,
            Contract = Contract?.Name,
            Labels = Labels,
            RandomLayers = RandomLayers,
        };
}
