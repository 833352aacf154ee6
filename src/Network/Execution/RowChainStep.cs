using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>Convolutions that are computed together, a few rows at a time, without the maps between them.</summary>
/// <param name="Stages">The steps, at least two; each reads what the one before writes.</param>
internal sealed record RowChainStep(ImmutableArray<ConvolutionStep> Stages)
    : PlanStep($"{Stages[0].Name} to {Stages[^1].Name}", Stages[0].Input, Stages[^1].Output)
{
    /// <summary>The stage that the residual is added to, or none.</summary>
    public int? ResidualStage
    {
        get
        {
            var stage = Stages.ToList().FindIndex(stage => stage.Residual is not null);
            return stage < 0 ? null : stage;
        }
    }

    /// <inheritdoc/>
    public override FeatureShape ResidualShape => Stages[ResidualStage ?? Stages.Length - 1].Output.Shape;

    /// <inheritdoc/>
    public override long WeightCount => Stages.Sum(stage => stage.WeightCount);

    /// <inheritdoc/>
    public override long Macs => Stages.Sum(stage => stage.Macs);
}
