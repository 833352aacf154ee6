using System.Collections.Immutable;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>
/// An architecture as one ecosystem has it: what its networks compute, and how files of its weights name and lay out
/// their tensors. A graph has this library's own parameter names whatever its form.
/// </summary>
public sealed class Form
{
    private readonly Func<NetworkSpec, NetworkGraph> _build;

    internal Form(string ecosystem, Family family, Func<NetworkSpec, NetworkGraph> build)
    {
        Ecosystem = ecosystem;
        Family = family;
        _build = build;
    }

    /// <summary>Name of the ecosystem: <c>torchvision</c>, <c>timm</c>, <c>timm-tf</c>, <c>keras</c>, and so on.</summary>
    public string Ecosystem { get; }

    /// <summary>Padding, epsilon, biases and activations.</summary>
    public Family Family { get; }

    /// <summary>Where the ecosystem's own implementation is, which the tables beside the architecture follow.</summary>
    public string Source { get; internal init; } = "";

    /// <summary>Whether the last stage can have half its channels.</summary>
    public bool HasReducedTail { get; internal init; }

    /// <summary>
    /// What the inputs of the classifier are multiplied by: below 1 where the ecosystem's dropout scales at inference
    /// instead of in training. Binding multiplies the classifier's weights by it.
    /// </summary>
    public double ClassifierScale { get; internal init; } = 1;

    /// <summary>How files name the tensors, the usual way first; this library's own names where nothing else is said.</summary>
    internal ImmutableArray<TensorNaming> Namings { get; init; } = [TensorNaming.Own];

    /// <summary>The same networks, but weights in this library's own names and layout, as converted files have them.</summary>
    public Form WithOwnNames() => new(Ecosystem, Family, _build) { Source = Source, HasReducedTail = HasReducedTail };

    /// <summary>The parameters of a network as files have them, for every naming.</summary>
    /// <param name="graph">The network, built in this form.</param>
    /// <exception cref="ArgumentException">The network was built in another form.</exception>
    internal IReadOnlyList<IReadOnlyList<StoredParameter>> ParametersOf(NetworkGraph graph) =>
        [.. Namings.Select(naming => naming.Of(graph).ToList())];

    internal NetworkGraph Build(NetworkSpec spec) => _build(spec);

    /// <summary>The ecosystem.</summary>
    public override string ToString() => Ecosystem;
}
