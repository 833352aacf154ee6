using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network;

namespace ILGpuMobileNet.Host;

/// <summary>A file with a graph and its weights, which bring shape and numerics; only pictures and labels are open.</summary>
internal static class GraphModel
{
    private static readonly FeatureShape TextDirectionInput = new(48, 192, 3);

    /// <summary>Loads it.</summary>
    /// <param name="options">Which file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public static LoadedModel Load(ModelOptions options, CancellationToken cancellationToken)
    {
        RefuseArchitectureOptions(options);
        var path = options.Model == PretrainedModel.TextDirectionName ? PretrainedModel.Find() : options.Model;
        var isTrainedDefault = PretrainedModel.IsTextDirection(path);
        var input = options.Resolution is { } size ? new FeatureShape(size.Height, size.Width, 3) : (FeatureShape?)null;
        input ??= isTrainedDefault ? TextDirectionInput : null;
        var model = GraphFiles.Read(path, input, cancellationToken);
        var finding = Find(options, isTrainedDefault);
        CheckClasses(finding, model.Graph.Output, path);
        var own = options.Preprocessing ?? finding?.Contract.Preprocessing ?? Preprocessing.ImageNet;
        var extent = new Extent(model.Graph.Input.Height, model.Graph.Input.Width);
        var preprocessing = options.PreprocessingChanges?.ApplyTo(own, extent) ?? own;
        return new(options.Model, model, preprocessing, finding?.Contract.Labels.Labels())
        {
            Contract = finding?.Contract,
            Evidence = finding?.Evidence ?? ContractEvidence.None,
            PreparedAs = PreparationName.Of(own, preprocessing),
        };
    }

    private static ContractFinding? Find(ModelOptions options, bool isTrainedDefault)
    {
        if (options.Contract is { } name)
        {
            return new(ContractCatalog.Get(name), ContractEvidence.Chosen);
        }
        return isTrainedDefault ? new(PretrainedModel.Contract, ContractEvidence.Hash) : null;
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

    private static void RefuseArchitectureOptions(ModelOptions options)
    {
        var isPlain =
            options is { Weights: null, RandomSeed: null, Width: null, Classes: null, Ecosystem: null, Numerics: null }
            && options is { NewHeadSeed: null, ReducedTail: false };
        if (!isPlain)
        {
            throw new ArgumentException(
                $"'{options.Model}' brings its own weights, shape and arithmetic; weights, random seed, width, classes, "
                    + "new head, reduced tail, ecosystem and numerics apply to architecture names only. Leave them out."
            );
        }
    }
}
