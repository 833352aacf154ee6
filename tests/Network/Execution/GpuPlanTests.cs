using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>Where a GPU plan puts feature maps, sums and working memory.</summary>
public sealed class GpuPlanTests
{
    private const int Batch = 3;

    public static TheoryData<string> Networks { get; } = [.. ArchitectureCatalog.All.Select(network => network.Name)];

    private readonly record struct Use(string What, GpuPlace Place, int FirstStep, int LastStep)
    {
        private long End => Place.Offset + Place.Length;

        public bool Collides(Use other) =>
            FirstStep <= other.LastStep
            && other.FirstStep <= LastStep
            && Place.Offset < other.End
            && other.Place.Offset < End;
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Places_in_use_at_the_same_time_do_not_overlap(string network)
    {
        var plan = Plan(network);
        Use[] uses = [.. Outputs(plan), .. Sums(plan), .. Scratch(plan)];
        for (var i = 0; i < uses.Length; i++)
        {
            Assert.InRange(uses[i].Place.Offset + uses[i].Place.Length, 1, plan.ArenaLength);
            var other = uses.Skip(i + 1).FirstOrDefault(uses[i].Collides);
            Assert.True(other == default, $"{uses[i]} and {other} overlap.");
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Steps_read_where_the_steps_before_them_wrote(string network)
    {
        var plan = Plan(network);
        var written = plan.Steps.ToDictionary(step => step.Step.Output.Id, step => step.Output);
        foreach (var step in plan.Steps)
        {
            Assert.Equal(step.Step.ReadsPackedInput ? null : written[step.Step.Input.Id], step.Input);
            Assert.Equal(step.Step.Gate is { } gate ? written[gate] : null, step.Gate);
            Assert.Equal(step.Step.Residual is { } residual ? written[residual] : null, step.Residual);
        }
        Assert.Equal(plan.Steps[^1].Output, Assert.Single(plan.Outputs));
    }

    [Theory]
    [InlineData("mobilenet_v1", 0, 0)]
    [InlineData("mobilenet_v3_large", 8, 8)] // the squeezed channels of each squeeze-excite step
    [InlineData("mobilenet_v3_small", 9, 9)]
    public void Sums_and_working_memory_have_places_of_their_own(string network, int sums, int scratch)
    {
        var plan = Plan(network);
        Assert.Equal((sums, scratch), (Sums(plan).Count(), Scratch(plan).Count()));
    }

    [Fact]
    public void Working_memory_is_as_long_as_the_operation_wants()
    {
        foreach (var step in Plan("mobilenet_v3_small").Steps)
        {
            Assert.Equal(step.Operation.ScratchLength(Batch), step.Scratch?.Length ?? 0);
        }
    }

    // So it is known without the device.
    [Theory]
    [MemberData(nameof(Networks))]
    public void Memory_is_the_same_on_every_device(string network)
    {
        var graph = ArchitectureCatalog.Get(network).Build(new());
        var model = new Model(graph, WeightFormula.Create(graph, 1));
        var expected = GpuPlan.WithoutDevice(model, Batch).Memory;
        foreach (var (threads, multiprocessors) in ((int, int)[])[(64, 1), (256, 8), (1024, 132)])
        {
            var rule = new LaunchRule(new DeviceLimits(threads, multiprocessors));
            Assert.Equal(expected, new GpuPlan(model, rule, Batch).Memory);
        }
    }

    [Theory]
    [InlineData("input", 1 << 14, 1)]
    [InlineData("output", 1 << 10, 1 << 10)]
    public void Refuses_feature_maps_that_kernels_cannot_index(string which, int extent, int outputChannels)
    {
        var builder = new GraphBuilder("huge", new(extent, extent, 1));
        var wide = builder.Convolution("wide", builder.Input, outputChannels, Window.Pointwise, new());
        var graph = builder.Build(wide);
        var model = new Model(graph, WeightFormula.Create(graph, 1));
        var shape = which == "input" ? $"{graph.Input}" : $"{graph.Output}";
        var fault = Assert.Throws<ArgumentException>(() => PlanSummary.Of(model, 2));
        Assert.StartsWith(
            $"A batch of 2 feature maps of {shape} has 2147483648 numbers; kernels index with 32 bits",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(1, PlanSummary.Of(model, 1).Batch);
    }

    private static GpuPlan Plan(string network)
    {
        var graph = ArchitectureCatalog.Get(network).Build(new());
        var model = new Model(graph, WeightFormula.Create(graph, 1));
        return GpuPlan.WithoutDevice(model, Batch);
    }

    private static IEnumerable<Use> Outputs(GpuPlan plan) =>
        plan.Steps.Select(
            (step, i) => new Use(step.Step.Name, step.Output, i, LastReader(plan, step.Step.Output.Id) ?? int.MaxValue)
        );

    private static IEnumerable<Use> Sums(GpuPlan plan) =>
        from maker in Indices(plan)
        where plan.Steps[maker] is { Step: ConvolutionStep, Sums: not null }
        let reader = Indices(plan)
            .Single(i =>
                plan.Steps[i] is { Step: SqueezeExciteStep, Sums: not null } gate
                && gate.Step.Input == plan.Steps[maker].Step.Output
            )
        select new Use($"sums of {plan.Steps[maker].Step.Name}", SumsOf(plan, maker, reader), maker, reader);

    private static GpuPlace SumsOf(GpuPlan plan, int maker, int reader)
    {
        Assert.Equal(plan.Steps[maker].Sums, plan.Steps[reader].Sums);
        return plan.Steps[maker].Sums!.Value;
    }

    private static IEnumerable<Use> Scratch(GpuPlan plan) =>
        from i in Indices(plan)
        let place = plan.Steps[i].Scratch
        where place is not null
        select new Use($"scratch of {plan.Steps[i].Step.Name}", place.Value, i, i);

    private static int? LastReader(GpuPlan plan, int value) =>
        Indices(plan).Where(i => plan.Steps[i].Step.Reads.Contains(value)).Cast<int?>().LastOrDefault();

    private static IEnumerable<int> Indices(GpuPlan plan) => Enumerable.Range(0, plan.Steps.Length);
}
