using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>Sessions on the CPU that have their packed weights together.</summary>
public sealed class SharedWeightsTests
{
    private const int MaximalBatch = 3;

    private static readonly Model s_model = Model("mobilenet_v3_small");

    [Theory]
    [InlineData("mobilenet_v1")]
    [InlineData("mobilenet_v2")]
    [InlineData("mobilenet_v3_small")] // its squeeze-excite steps need working memory of all threads together
    public async Task Give_the_same_bits_when_they_run_at_the_same_time(string network)
    {
        var model = Model(network);
        using var first = new CpuSession(model, new(MaximalBatch, 2));
        CpuSession[] sessions = [first, first.Share(), first.Share(1), first.Share(5)];
        var expected = sessions.Select((_, seed) => Alone(model, seed)).ToArray();
        var outputs = await Task.WhenAll(sessions.Select((session, seed) => Task.Run(() => RunMany(session, seed))));
        for (var seed = 0; seed < sessions.Length; seed++)
        {
            Assert.All(outputs[seed], output => Assert.Equal(expected[seed], output));
            sessions[seed].Dispose();
        }
    }

    [Fact]
    public void Are_like_the_one_they_come_from()
    {
        using var first = new CpuSession(s_model, new(MaximalBatch, 2));
        using var second = first.Share();
        using var third = second.Share(3);
        using var everyCore = first.Share(0);
        Assert.Equal((first.Input, first.MaximalBatch), (second.Input, second.MaximalBatch));
        Assert.Equal([.. first.Outputs], second.Outputs.ToArray());
        Assert.Equal(
            [2, 2, 3, Environment.ProcessorCount],
            new[] { first, second, third, everyCore }.Select(session => session.ThreadCount)
        );
    }

    [Fact]
    public void Count_their_weights_once()
    {
        using var first = new CpuSession(s_model, new(MaximalBatch, 2));
        using var second = first.Share();
        using var wide = second.Share(4);
        Assert.True(first.Memory.Weights > 0);
        Assert.Equal(first.Memory with { Weights = 0 }, second.Memory);
        Assert.Equal((0, 2 * second.Memory.Scratch), (wide.Memory.Weights, wide.Memory.Scratch));
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(0, 2, 1)]
    [InlineData(1, 0, 2)]
    [InlineData(1, 2, 0)]
    [InlineData(2, 0, 1)]
    [InlineData(2, 1, 0)]
    public void May_be_disposed_in_any_order(params int[] order)
    {
        var first = new CpuSession(s_model, new(MaximalBatch, 1));
        CpuSession[] sessions = [first, first.Share(), first.Share()];
        var expected = Alone(s_model, 1);
        for (var i = 0; i < order.Length; i++)
        {
            sessions[order[i]].Dispose();
            sessions[order[i]].Dispose();
            Assert.Throws<ObjectDisposedException>(() => sessions[order[i]].Share());
            foreach (var left in order[(i + 1)..])
            {
                Assert.Equal(expected, Run(sessions[left], 1));
                sessions[left].Share().Dispose();
            }
        }
    }

    [Fact]
    public void Give_the_weights_back_with_the_last_one()
    {
        var plan = new CpuPlan(s_model, Simd.Preferred, 1, 1);
        Assert.True(plan.TryShare());
        plan.Dispose();
        Assert.True(plan.TryShare());
        plan.Dispose();
        plan.Dispose();
        Assert.False(plan.TryShare());
        Assert.Throws<ObjectDisposedException>(() => RunStem(plan));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5000)]
    public void Refuse_a_number_of_threads_that_is_out_of_range(int threads)
    {
        using var session = new CpuSession(s_model, new(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("threadCount", () => session.Share(threads));
    }

    private static unsafe void RunStem(CpuPlan plan)
    {
        using var buffer = new AlignedBuffer(plan.Layout.ThreadLength(1));
        var stem = plan.Steps[0].Operation;
        stem.Run(new(1) { Input = buffer.Pointer, Output = buffer.Pointer }, 0, buffer.Pointer);
    }

    private static float[] Alone(Model model, int seed)
    {
        using var session = new CpuSession(model, new(MaximalBatch, 1));
        return Run(session, seed);
    }

    private static List<float[]> RunMany(CpuSession session, int seed) =>
        [.. Enumerable.Range(0, 20).Select(_ => Run(session, seed))];

    private static float[] Run(CpuSession session, int seed)
    {
        var images = new float[MaximalBatch * session.Input.ElementCount];
        var output = new float[MaximalBatch * session.Output.ElementCount];
        WeightFormula.Fill($"images {seed}", 1, images, 2, -1);
        session.Run(images, output, MaximalBatch);
        return output;
    }

    private static Model Model(string network)
    {
        var graph = ArchitectureCatalog.Get(network).Build(new() { Resolution = new(64, 48) });
        return new(graph, WeightFormula.Create(graph, 1));
    }
}
