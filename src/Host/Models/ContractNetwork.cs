using System.Collections.Immutable;
using System.Globalization;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Host;

/// <summary>The network that a contract is of, held against the graph of a file that is said to have the contract.</summary>
internal sealed class ContractNetwork
{
    private const string Remedy =
        "Name the contract of the file's network, or leave the contract out and say how pictures are prepared: "
        + "--preprocessing, --mean, --std (in the library Preprocessing and PreprocessingChanges).";

    private readonly WeightContract _contract;
    private readonly double _width;
    private readonly NetworkGraph _graph;
    private readonly int _layerCount;

    private ContractNetwork(
        WeightContract contract,
        double width,
        Extent resolution,
        ImmutableArray<TrainedLayer> found
    )
    {
        (_contract, _width) = (contract, width);
        var options = new ArchitectureOptions
        {
            Width = width,
            Classes = contract.Classes,
            Resolution = resolution,
            Form = contract.Ecosystem,
        };
        _graph = ArchitectureCatalog.Get(contract.Architecture).Build(options);
        var own = TrainedLayer.Of(_graph);
        Agreeing = TrainedLayer.Agreeing(own, found);
        _layerCount = Math.Max(own.Length, found.Length);
    }

    // Layers that agree, from the first on.
    private int Agreeing { get; }

    private bool IsAlike => Agreeing == _layerCount;

    /// <summary>Refuses a contract of another network than a file has, or of one that computes otherwise.</summary>
    /// <param name="contract">The contract that the user names.</param>
    /// <param name="graph">The file's graph, at any resolution.</param>
    /// <param name="path">The file.</param>
    /// <returns>What the graph cannot tell, in a sentence; null where it tells everything.</returns>
    /// <exception cref="ArgumentException">It is of another one; the message names both sides of everything that differs.</exception>
    public static string? Check(WeightContract contract, NetworkGraph graph, string path)
    {
        var found = TrainedLayer.Of(graph);
        var resolution = new Extent(graph.Input.Height, graph.Input.Width);
        var nearest = Nearest(
            WidthsOf(contract).Select(width => new ContractNetwork(contract, width, resolution, found))
        );
        var differences = NetworkComparison
            .Of(nearest._graph, graph, asWeights: false, contract.Form.Family.Padding == PaddingRule.Symmetric)
            .Where(difference => difference.Item != DifferingItem.Undecided)
            .ToList();
        if (differences.Count > 0)
        {
            throw nearest.Refused(NetworkDifference.Words(differences, $"'{path}'"));
        }
        return nearest.Assumption(graph, path);
    }

    private string? Assumption(NetworkGraph graph, string path) =>
        EpsilonOf(_graph) is { } own && EpsilonOf(graph) is null
            ? $"The epsilon of {ItemText.Of(own)} that {_contract} has is taken for granted: '{path}' has its "
                + "normalisations folded into other weights, which do not tell it."
            : null;

    private static double? EpsilonOf(NetworkGraph graph) =>
        graph.Layers.OfType<BatchNormLayer>().FirstOrDefault(layer => layer.Epsilon > 0)?.Epsilon;

    // Where widths agree equally far, the usual one.
    private static ContractNetwork Nearest(IEnumerable<ContractNetwork> networks)
    {
        ContractNetwork? nearest = null;
        foreach (var network in networks)
        {
            nearest = network.Agreeing > (nearest?.Agreeing ?? -1) ? network : nearest;
            if (nearest is { IsAlike: true })
            {
                break;
            }
        }
        return nearest!;
    }

    private static IEnumerable<double> WidthsOf(WeightContract contract) =>
        contract.Width is { } width ? [width] : NetworkWidths.Of(ArchitectureCatalog.Get(contract.Architecture));

    private ArgumentException Refused(string differences) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The contract {_contract} is of {_contract.Architecture} in the form of {_contract.Ecosystem}, width {_width:0.###}, {differences}. {Remedy}"
            )
        );
}
