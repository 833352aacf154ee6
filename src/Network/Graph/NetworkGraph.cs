using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Graph;

/// <summary>A network as unfused layers in topological order, with one input and one output, or several.</summary>
/// <param name="Name">Name of the network or of the file it came from.</param>
/// <param name="Input">Shape of one input image.</param>
/// <param name="Layers">Layer <c>i</c> produces value <c>i + 1</c> and reads only values up to <c>i</c>.</param>
/// <param name="OutputId">Id of the value that is the network's output, the first where there are several.</param>
public sealed record NetworkGraph(string Name, FeatureShape Input, ImmutableArray<Layer> Layers, int OutputId)
{
    private readonly ImmutableArray<int> _furtherOutputIds = [];
    private readonly ImmutableArray<string> _outputNames = [];

    /// <summary>Ids of all outputs; <see cref="WithOutputs"/> gives a graph more than one.</summary>
    public ImmutableArray<int> OutputIds => [OutputId, .. _furtherOutputIds];

    /// <summary>Shape of the network's output, the first where there are several, without the batch.</summary>
    public FeatureShape Output => ShapeOf(OutputId);

    /// <summary>Shapes of all outputs, in the order of <see cref="OutputIds"/>.</summary>
    public ImmutableArray<FeatureShape> Outputs => ImmutableArray.CreateRange(OutputIds, ShapeOf);

    /// <summary>Names of all outputs as the network's file has them, else those of the layers that produce them.</summary>
    public ImmutableArray<string> OutputNames
    {
        get => _outputNames.IsEmpty ? [.. OutputIds.Select(id => Layers[id - 1].Name)] : _outputNames;
        internal init => _outputNames = value;
    }

    /// <summary>All weights, each name once, in the order of the layers.</summary>
    public IEnumerable<Parameter> Parameters => Layers.SelectMany(layer => layer.Parameters).DistinctBy(p => p.Name);

    /// <summary>Shape of a value.</summary>
    /// <param name="id">Its id.</param>
    public FeatureShape ShapeOf(int id) => id == 0 ? Input : Layers[id - 1].Output;

    /// <summary>
    /// The same layers with other outputs. Sessions compute what these need and nothing else, and fuse no layer over
    /// one of them.
    /// </summary>
    /// <param name="ids">Ids of values that layers produce, each once, in the order in which a run gives them.</param>
    /// <exception cref="ArgumentException">There is none, one is named twice, or no layer produces it.</exception>
    public NetworkGraph WithOutputs(params ReadOnlySpan<int> ids)
    {
        var seen = new HashSet<int>();
        foreach (var id in ids)
        {
            if (id < 1 || id > Layers.Length || !seen.Add(id))
            {
                throw new ArgumentException(
                    $"'{Name}' cannot have the output {id}: outputs are values 1 to {Layers.Length}, each once.",
                    nameof(ids)
                );
            }
        }
        return ids.IsEmpty
            ? throw new ArgumentException($"'{Name}' needs an output; name one.", nameof(ids))
            : new(Name, Input, Layers, ids[0], [.. ids[1..]]);
    }

    private NetworkGraph(
        string name,
        FeatureShape input,
        ImmutableArray<Layer> layers,
        int outputId,
        ImmutableArray<int> furtherOutputIds
    )
        : this(name, input, layers, outputId) => _furtherOutputIds = furtherOutputIds;
}
