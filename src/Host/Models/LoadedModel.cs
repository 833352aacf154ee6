using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Host;

/// <summary>A network with everything that its use needs.</summary>
/// <param name="Name">Name of the architecture, of the trained model, or the path of the file.</param>
/// <param name="Model">The network and its weights.</param>
/// <param name="Preprocessing">How images become its inputs.</param>
/// <param name="Labels">Names of its classes, where they are known.</param>
public sealed record LoadedModel(string Name, Model Model, Preprocessing Preprocessing, Labels? Labels)
{
    /// <summary>The contract of its weights, where one is known or assumed.</summary>
    public WeightContract? Contract { get; init; }

    /// <summary>How the contract is known.</summary>
    public ContractEvidence Evidence { get; init; }

    /// <summary>What was taken for granted, in sentences; a person should read them.</summary>
    public IReadOnlyList<string> Assumptions { get; init; } = [];

    /// <summary>What pictures are prepared as for: a contract or a preset, and whether items were changed.</summary>
    public required string PreparedAs { get; init; }

    /// <summary>
    /// The network as far as it was trained, which is all of it unless a file lacks the head or has random weights there.
    /// </summary>
    internal NetworkGraph Trained { get; init; } = Model.Graph;

    /// <summary>What a file of the weights says about itself; null for a graph.</summary>
    internal ModelDescription? Description { get; init; }

    /// <summary>Whether its output is scores already, not logits.</summary>
    public bool EndsInSoftmax => Model.Graph.Layers[Model.Graph.OutputId - 1] is SoftmaxLayer;
}
