using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

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
    /// <param name="weights">Its weights; null where they are not read.</param>
    /// <param name="options">What the user says.</param>
    /// <exception cref="ArgumentException">The contract does not fit.</exception>
    public static GraphClaim Of(GraphSource source, NetworkGraph graph, WeightSet? weights, ModelOptions options)
    {
        var finding = Find(source, options);
        CheckClasses(finding, graph.Output, source.Path);
        var chosen = options.Contract is null ? null : finding?.Contract;
        var assumption = chosen is null ? null : ContractNetwork.Check(chosen, graph, source.Path);
        var usual = finding?.Contract.Preprocessing ?? Preprocessing.ImageNet;
        var asked = options.PreparationOf(usual, new(graph.Input.Height, graph.Input.Width));
        var factors = weights is null ? null : InputFactors.Of(graph, parameter => weights[parameter].Data);
        var leaving = options.SaysNormalisation ? null : factors;
        var largest = finding is null ? null : LargestPixel(leaving, finding.Contract, source.Path);
        var preprocessing = largest is null ? asked : LeftOut(asked, largest.Value);
        return new(
            finding,
            preprocessing,
            PreparationName.Of(chosen, options, usual, asked),
            [
                .. AboutOutputs(source, graph),
                .. AboutPictures(source, finding, options),
                .. largest is null
                    ? AboutInput(source, graph, preprocessing)
                    : [AboutFactors(source, factors!, finding!.Contract, largest.Value)],
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

    // The largest pixel for which a graph normalises as its contract does; null where it does not normalise.
    private static float? LargestPixel(InputFactors? factors, WeightContract contract, string path) =>
        factors is null
            ? null
            : factors.LargestPixelAs(contract.Preprocessing)
                ?? throw new ArgumentException(
                    $"The contract {contract} normalises pictures {InputFactors.Words(contract.Preprocessing)}, but '{path}' "
                        + $"scales its input itself, in another way: {factors}. Say which pixels it is to be given: "
                        + $"{InputFactors.PixelOptions}."
                );

    private static Preprocessing LeftOut(Preprocessing way, float largest)
    {
        var (mean, std) = InputFactors.PixelsUpTo(largest);
        return way with { Mean = mean, Std = std };
    }

    private static string AboutFactors(
        GraphSource source,
        InputFactors factors,
        WeightContract contract,
        float largest
    ) =>
        $"'{source.Path}' normalises its input itself ('{factors.Layer}'), as {contract} does: it is given pixels from 0 to "
        + $"{ItemText.Of(largest)}, which are not normalised before.";

    // Pictures would be prepared twice.
    private static string[] AboutInput(GraphSource source, NetworkGraph graph, Preprocessing preprocessing) =>
        InputFactors.LayersOf(graph) is [var first, ..] && !InputFactors.AreLeftOut(preprocessing)
            ?
            [
                $"'{source.Path}' prepares its input itself ('{first.Name}'), from pictures that were prepared already. "
                    + $"What gives it pixels as they are: {InputFactors.PixelOptions}.",
            ]
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
