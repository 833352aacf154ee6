using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Host;

/// <summary>A file with a graph and its weights, which bring shape and numerics; only pictures and labels are open.</summary>
internal static class GraphModel
{
    /// <summary>Loads it.</summary>
    /// <param name="options">Which file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public static LoadedModel Load(ModelOptions options, CancellationToken cancellationToken)
    {
        var source = GraphSource.Of(options);
        var model = GraphFiles.Read(source.Path, source.Resolution, cancellationToken);
        var claim = GraphClaim.Of(source, model.Graph, model.Weights, options);
        return new(options.Model, model, claim.Preprocessing, claim.Labels)
        {
            Contract = claim.Contract,
            Evidence = claim.Evidence,
            Assumptions = claim.Assumptions,
            PreparedAs = claim.PreparedAs,
        };
    }

    /// <summary>Loads it without its weights.</summary>
    /// <param name="options">Which file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public static (NetworkGraph Graph, GraphClaim Claim) LoadGraph(
        ModelOptions options,
        CancellationToken cancellationToken
    )
    {
        var source = GraphSource.Of(options);
        var graph = GraphFiles.ReadGraph(source.Path, source.Resolution, cancellationToken);
        return (graph, GraphClaim.Of(source, graph, weights: null, options));
    }
}
