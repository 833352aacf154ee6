using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Execution;

public sealed class ArenaPlanTests
{
    public static TheoryData<string> Networks { get; } = [.. ArchitectureCatalog.All.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Values_that_live_at_the_same_time_do_not_overlap(string name)
    {
        var steps = Steps(name);
        var arena = new ArenaPlan(steps, Length, [steps[^1].Output.Id]);
        for (var i = 0; i < steps.Count; i++)
        {
            var live = steps.Take(i + 1).Select(step => step.Output).Where(value => IsNeeded(steps, value, i)).ToList();
            var places = live.Select(value =>
                (Start: arena.OffsetOf(value.Id), End: arena.OffsetOf(value.Id) + Length(value))
            );
            var ordered = places.OrderBy(place => place.Start).ToList();
            Assert.All(ordered.Zip(ordered.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
            Assert.True(ordered[^1].End <= arena.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Takes_little_more_than_what_lives_at_once(string name)
    {
        var steps = Steps(name);
        var most = Enumerable
            .Range(0, steps.Count)
            .Max(i => steps.Take(i + 1).Select(step => step.Output).Where(v => IsNeeded(steps, v, i)).Sum(Length));
        Assert.InRange(new ArenaPlan(steps, Length, [steps[^1].Output.Id]).Length, most, most * 1.1 + 16);
    }

    private static IReadOnlyList<PlanStep> Steps(string name)
    {
        var graph = ArchitectureCatalog.Get(name).Build(new());
        return Fusion.Run(new(graph, WeightFormula.Create(graph, 1)));
    }

    private static bool IsNeeded(IReadOnlyList<PlanStep> steps, Value value, int at) =>
        steps.Skip(at).Any(step => step.Reads.Contains(value.Id) || step.Output == value) || value == steps[^1].Output;

    private static long Length(Value value) => value.Shape.ElementCount;
}
