using System.Diagnostics;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>Runs that are timed step by step.</summary>
[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class TimedSessionTests
{
    private const int Batch = 11; // two parts on the CPU

    private static readonly Model s_model = Model(
        ArchitectureCatalog.Get("mobilenet_v2_relu").Build(new() { Width = 0.5, Resolution = new(15, 17) })
    );

    public static TheoryData<string> Networks => [.. ArchitectureCatalog.All.Select(network => network.Name)];

    [Fact]
    public void Every_step_of_a_cpu_session_is_timed_and_the_result_is_the_same()
    {
        using var session = new CpuSession(s_model, new(Batch, 2));
        AssertTimed(session, session);
    }

    [Fact]
    public void Every_step_of_an_accelerators_session_is_timed_and_the_result_is_the_same()
    {
        using var session = new GpuSession(s_model, TestDevice.Shared.Accelerator, "test", new(Batch));
        AssertTimed(session, session);
    }

    [Fact]
    public void Timing_allocates_nothing()
    {
        using var session = new CpuSession(s_model, new(1, 1));
        ITimedSession timed = session;
        var clock = new StepClock(timed.Steps.Length);
        var (input, output) = (new float[session.Input.ElementCount], new float[session.Output.ElementCount]);
        timed.Run(input, output, 1, clock);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < 20; run++)
        {
            timed.Run(input, output, 1, clock);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Steps_have_the_multiply_adds_of_the_layers(string network)
    {
        var graph = ArchitectureCatalog.Get(network).Build(new());
        using var plan = new CpuPlan(Model(graph), Kernels.Simd.Simd.Preferred, 1, 1);

        Assert.Equal(NetworkSummary.Of(graph).Macs, plan.Steps.Sum(step => step.Cost.Macs));
    }

    private static void AssertTimed(ISession session, ITimedSession timed)
    {
        var input = new float[Batch * session.Input.ElementCount];
        WeightFormula.Fill("images", 1, input, 2, -1);
        var (expected, output) = (new float[Batch * 10], new float[Batch * 10]);
        var clock = new StepClock(timed.Steps.Length);
        session.Run(input, expected, Batch);
        var start = Stopwatch.GetTimestamp();
        timed.Run(input, output, Batch, clock);
        var elapsed = Stopwatch.GetTimestamp() - start;

        Assert.Equal(expected, output);
        Assert.All(clock.Ticks.ToArray(), ticks => Assert.True(ticks > 0));
        Assert.InRange(clock.Ticks.ToArray().Sum(), 1, elapsed);
        clock.Reset();
        Assert.All(clock.Ticks.ToArray(), ticks => Assert.Equal(0, ticks));
    }

    private static Model Model(NetworkGraph graph) => new(graph, WeightFormula.Create(graph, 1));
}
