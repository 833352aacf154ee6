using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Host;

/// <summary>What is known about the pictures and classes of a graph; the rest is in its file.</summary>
/// <param name="Finding">The contract, where one is known.</param>
/// <param name="Preprocessing">How pictures become inputs.</param>
/// <param name="PreparedAs">What pictures are prepared as for.</param>
/// <param name="Assumptions">What was taken for granted, in sentences.</param>
internal sealed record GraphClaim(
    ContractFinding? Finding,
    Preprocessing Preprocessing,
    string PreparedAs,
    IReadOnlyList<string> Assumptions
)
{
    /// <summary>The contract.</summary>
    public WeightContract? Contract => Finding?.Contract;

    /// <summary>How it is known.</summary>
    public ContractEvidence Evidence => Finding?.Evidence ?? ContractEvidence.None;

    /// <summary>The names of the classes, where they are known.</summary>
    public Labels? Labels => Contract?.Labels.Labels();

    /// <summary>What is known about a graph.</summary>
    /// <param name="source">Its file.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="options">What the user says.</param>
    /// <exception cref="ArgumentException">The contract that the user names does not fit.</exception>
    public static GraphClaim Of(GraphSource source, NetworkGraph graph, ModelOptions options)
    {
        var finding = Find(source, options);
        CheckClasses(finding, graph.Output, source.Path);
        var chosen = options.Contract is null ? null : finding?.Contract;
        var assumption = chosen is null ? null : ContractNetwork.Check(chosen, graph, source.Path);
        var own = options.Preprocessing ?? finding?.Contract.Preprocessing ?? Preprocessing.ImageNet;
        var extent = new Extent(graph.Input.Height, graph.Input.Width);
        var preprocessing = options.PreprocessingChanges?.ApplyTo(own, extent) ?? own;
        preprocessing.Check();
        return new(
            finding,
            preprocessing,
            PreparationName.Of(chosen, options, own, preprocessing),
            [
                .. AboutOutputs(source, graph),
                .. AboutPictures(source, finding, options),
                .. AboutInput(source, graph),
                .. assumption is null ? Array.Empty<string>() : [assumption],
            ]
        );
    }

    private static IEnumerable<string> AboutPictures(GraphSource source, ContractFinding? finding, ModelOptions options)
    {
        if (finding is not null || options.Preprocessing is not null)
        {
            return [];
        }
        const string named = "of a graph --contract NAME says which contract it has";
        return
        [
            .. Host.Assumptions.AboutNames(source.Path, contract: null, named),
            "No contract is known for it: pictures are prepared as is usual for ImageNet; --contract or --preprocessing "
                + "NAME says otherwise.",
        ];
    }

    // Pictures would be prepared twice.
    private static string[] AboutInput(GraphSource source, NetworkGraph graph) =>
        graph.Layers.FirstOrDefault(layer => layer.Inputs.Contains(0)) is { } first
        && TermTable.IsScaling(first, graph.Input)
            ? [$"'{source.Path}' prepares its input itself ('{first.Name}'), from pictures that were prepared already."]
            : [];

    private static string[] AboutOutputs(GraphSource source, NetworkGraph graph)
    {
        if (graph.OutputIds is [_])
        {
            return [];
        }
        var names = graph.OutputNames.Zip(graph.Outputs, (name, shape) => $"'{name}' ({shape})").ToList();
        var others = string.Join(", ", names[1..]);
        return
        [
            $"'{source.Path}' has {names.Count} outputs: {names[0]}, the first, is taken for the result, not {others}.",
        ];
    }

    private static ContractFinding? Find(GraphSource source, ModelOptions options)
    {
        if (options.Contract is { } name)
        {
            return new(ContractCatalog.Get(name), ContractEvidence.Chosen);
        }
        return source.IsTextDirection ? new(PretrainedModel.Contract, ContractEvidence.Hash) : null;
    }

    private static void CheckClasses(ContractFinding? finding, FeatureShape output, string path)
    {
        if (finding?.Contract is { Classes: { } classes } contract && classes != output.Channels)
        {
            throw new ArgumentException(
                $"The contract {contract} has {classes} classes, but '{path}' ends in {output.Channels}; name another."
            );
        }
    }
}
