using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>Sessions of networks with several outputs: any values, in any order, the last layer's among them or not.</summary>
[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class SeveralOutputsTests
{
    private const int PartCount = 2;
    private const double Tolerance = 2e-5;
    private static readonly int s_graphCount = TestDevice.IsSlow ? 4 : 96;

    private static readonly Model s_model = Model(
        ArchitectureCatalog.Get("mobilenet_v3_small").Build(new() { Resolution = new(45, 67), Classes = 10 })
    );

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Each_is_what_the_layers_one_by_one_give(int part)
    {
        for (var seed = part; seed < s_graphCount; seed += PartCount)
        {
            var (batch, threads) = (1 + seed % 3, 1 + seed / 3 % 3);
            var model = WithAnyOutputs(Model(RandomGraph.Create(seed), (ulong)seed), seed);
            var input = TestValues.Uniform((ulong)seed, batch * model.Graph.Input.ElementCount);
            var values = new UnfusedNetwork(model).Values(input, batch);
            var expected = model.Graph.OutputIds.Select(id => values[id]).ToList();
            var limits = seed % 2 == 0 ? null : new RowChainLimits(1, long.MaxValue, long.MaxValue, 2 + seed % 5);
            foreach (var width in Enum.GetValues<SimdWidth>())
            {
                using var session = new CpuSession(model, new(batch, threads), width, limits);
                AssertClose(expected, RunAll(session, input, batch), $"seed {seed}, {width}, {threads} threads");
            }
            using var accelerated = new GpuSession(model, TestDevice.Shared.Accelerator, "test", new(batch));
            AssertClose(expected, RunAll(accelerated, input, batch), $"seed {seed} on the accelerator");
        }
    }

    [Fact]
    public void Every_layer_can_be_one()
    {
        var graph = s_model.Graph;
        var every = s_model with { Graph = graph.WithOutputs([.. Enumerable.Range(1, graph.Layers.Length)]) };
        using var session = new CpuSession(every, new(1, 2));
        Assert.Equal<FeatureShape>(graph.Layers.Select(layer => layer.Output), session.Outputs);
        var input = TestValues.Uniform(1, graph.Input.ElementCount);
        var values = new UnfusedNetwork(s_model).Values(input, 1);
        AssertClose([.. values.Skip(1)], RunAll(session, input, 1), "every layer");
    }

    [Fact]
    public void An_image_gets_the_same_bits_in_any_batch_and_chunk()
    {
        const int batch = 11; // more than a chunk
        var model = s_model with { Graph = s_model.Graph.WithOutputs(s_model.Graph.OutputId, 7, 30) };
        var input = TestValues.Uniform(1, batch * model.Graph.Input.ElementCount);
        using var together = new CpuSession(model, new(batch, 1));
        using var alone = new CpuSession(model, new(1, 2));
        var outputs = RunAll(together, input, batch);
        Assert.True(((ITimedSession)together).Chunk < batch);
        foreach (var (image, pixels) in input.Chunk(input.Length / batch).Index())
        {
            foreach (var (output, expected) in RunAll(alone, pixels, 1).Index())
            {
                Assert.Equal(expected, outputs[output].AsSpan(image * expected.Length, expected.Length));
            }
        }
    }

    [Fact]
    public void The_first_alone_can_be_had_too()
    {
        var whole = ArchitectureCatalog
            .Get("mobilenet_v2_relu")
            .Build(new() { Width = 0.25, Resolution = new(15, 17) });
        var model = Model(whole.WithOutputs(20, whole.OutputId));
        var input = TestValues.Uniform(1, 2 * model.Graph.Input.ElementCount);
        using var cpu = new CpuSession(model, new(2, 1));
        using var accelerated = new GpuSession(model, TestDevice.Shared.Accelerator, "test", new(2));
        Assert.All(
            new ISession[] { cpu, accelerated },
            session => Assert.Equal(RunAll(session, input, 2)[0], GoldenNetworks.Run(session, input, 2))
        );
    }

    [Fact]
    public void Runs_allocate_nothing()
    {
        var model = s_model with { Graph = s_model.Graph.WithOutputs(20, s_model.Graph.OutputId) };
        using var session = new CpuSession(model, new(3, 2));
        var (input, outputs) = (new float[3 * session.Input.ElementCount], Buffers(session, 3));
        session.Run(input, outputs, 3);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < 20; run++)
        {
            session.Run(input, outputs, 3);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Layers_that_no_output_needs_are_left_out()
    {
        var graph = s_model.Graph.WithOutputs(10, 5);
        var steps = Fusion.Run(s_model with { Graph = graph });
        Assert.All(steps, step => Assert.InRange(step.Output.Id, 1, 10));
        Assert.All(graph.OutputIds, id => Assert.Contains(steps, step => step.Output.Id == id));
    }

    private static Model WithAnyOutputs(Model model, int seed)
    {
        var ids = Enumerable.Range(1, model.Graph.Layers.Length).ToArray();
        var random = new Random(seed);
        random.Shuffle(ids);
        return model with
        {
            Graph = model.Graph.WithOutputs(ids.AsSpan(0, random.Next(1, Math.Min(6, ids.Length) + 1))),
        };
    }

    private static Model Model(NetworkGraph graph, ulong seed = 1) => new(graph, WeightFormula.Create(graph, seed));

    private static Memory<float>[] Buffers(ISession session, int batch) =>
        [.. session.Outputs.Select(shape => new float[batch * shape.ElementCount].AsMemory())];

    private static List<float[]> RunAll(ISession session, float[] input, int batch)
    {
        var buffers = Buffers(session, batch);
        session.Run(input, buffers, batch);
        return [.. buffers.Select(buffer => buffer.ToArray())];
    }

    private static void AssertClose(List<double[]> expected, List<float[]> outputs, string what)
    {
        Assert.Equal(expected.Count, outputs.Count);
        foreach (var (i, (wanted, output)) in expected.Zip(outputs).Index())
        {
            var error = Closeness.RelativeError(wanted, output);
            Assert.True(error <= Tolerance, $"{what}, output {i}: {error}.");
        }
    }
}
