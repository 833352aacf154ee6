using System.Collections.Immutable;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>A way in which an ecosystem's files name tensors.</summary>
/// <typeparam name="TNames">Layer names of the architecture.</typeparam>
/// <param name="Parameters">Names of the parameters of a layer, and their layout.</param>
/// <param name="Layers">Names of the layers.</param>
internal sealed record LayerNaming<TNames>(ParameterNames Parameters, TNames Layers);

/// <summary>What an ecosystem makes of an architecture's table: the row from which a <see cref="Form"/> is made.</summary>
/// <typeparam name="TNames">Layer names of the architecture.</typeparam>
/// <param name="Ecosystem">Its name.</param>
/// <param name="Family">Numerics.</param>
/// <param name="Namings">Names in files, the usual ones first; none where they are this library's own.</param>
internal abstract record FormTable<TNames>(string Ecosystem, Family Family, ImmutableArray<LayerNaming<TNames>> Namings)
{
    /// <summary>Where the ecosystem's implementation is.</summary>
    public string Source { get; init; } = "";

    /// <summary>Whether the last stage can have half its channels.</summary>
    public bool HasReducedTail { get; init; }

    /// <summary>What the classifier's inputs are multiplied by.</summary>
    public double ClassifierScale { get; init; } = 1;

    /// <summary>The form.</summary>
    /// <param name="name">Name of the architecture.</param>
    /// <param name="own">This library's own layer names.</param>
    /// <param name="build">Builds the network with any layer names.</param>
    public Form FormOf(string name, TNames own, Func<NetworkSpec, TNames, NetworkGraph> build) =>
        new(Ecosystem, Family, spec => build(spec, own))
        {
            Source = Source,
            HasReducedTail = HasReducedTail,
            ClassifierScale = ClassifierScale,
            Namings = Namings.IsEmpty
                ? [TensorNaming.Own]
                : [.. Namings.Select(naming => NamingOf(name, naming, build))],
        };

    private TensorNaming NamingOf(
        string name,
        LayerNaming<TNames> naming,
        Func<NetworkSpec, TNames, NetworkGraph> build
    ) => new(naming.Parameters, () => build(NetworkSpec.Nominal(name, Family), naming.Layers));
}
