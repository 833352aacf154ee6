using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>What a second thread is worth; no test of this project runs beside it.</summary>
[CollectionDefinition("threads", DisableParallelization = true)]
[Collection("threads")]
public sealed class ThreadCountTests
{
    private const int FewestTurns = 300;
    private const int MostTurns = 6000; // where other work takes a core most of the time
    private const double Limit = 1.1;

    [SkippableTheory]
    [InlineData("mobilenet_v3_small", null)]
    [InlineData("mobilenet_v3_small_x0_35", null)]
    [InlineData("mobilenet_v3_small", 32)] // of steps that are all too short to share
    public void Two_threads_are_not_slower_than_one(string name, int? size)
    {
        Skip.If(Environment.ProcessorCount == 1, "This machine has one core.");
        Extent? resolution = size is { } side ? Extent.Square(side) : null;
        var graph = ArchitectureCatalog.Get(name).Build(new() { Resolution = resolution });
        var model = new Model(graph, WeightFormula.Create(graph, 1));
        using var one = new CpuSession(model, new(1, 1));
        using var two = new CpuSession(model, new(1, 2));
        Assert.InRange(RatioOfBest(new(two), new(one)), 0, Limit);
    }

    /// <summary>By turns, the best of each.</summary>
    private static double RatioOfBest(Trial trial, Trial other)
    {
        var (best, bestOther) = (double.MaxValue, double.MaxValue);
        for (var turn = 0; turn < FewestTurns || (turn < MostTurns && best > Limit * bestOther); turn++)
        {
            best = Math.Min(best, trial.Run());
            bestOther = Math.Min(bestOther, other.Run());
        }
        return best / bestOther;
    }
}
