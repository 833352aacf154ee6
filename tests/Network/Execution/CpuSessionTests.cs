using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Execution;

public sealed class CpuSessionTests
{
    private static readonly Model s_model = Model("mobilenet_v3_small", new(33, 35));
    private static readonly SessionContract s_contract = new(batch => new CpuSession(s_model, new(batch, 2)));

    [Fact]
    public void Says_its_shapes_and_limits()
    {
        using var session = new CpuSession(s_model, new(5, 2));
        Assert.Equal("cpu", session.Device);
        Assert.Equal(new FeatureShape(33, 35, 3), session.Input);
        Assert.Equal(new FeatureShape(1, 1, 1000), session.Output);
        Assert.Equal((5, 2), (session.MaximalBatch, session.ThreadCount));
    }

    [Fact]
    public void Uses_every_core_unless_told_otherwise()
    {
        using var session = new CpuSession(s_model, new());
        Assert.Equal(Environment.ProcessorCount, session.ThreadCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(11)]
    public void Runs_any_batch_up_to_the_largest(int batch)
    {
        using var session = new CpuSession(s_model, new(11, 2));
        using var single = new CpuSession(s_model, new(1, 1));
        var (input, output, expected) = (Images(batch), new float[batch * 1000], new float[1000]);
        session.Run(input, output, batch);
        for (var image = 0; image < batch; image++)
        {
            single.Run(input.AsSpan(image * 33 * 35 * 3, 33 * 35 * 3), expected, 1);
            Assert.Equal(expected, output[(image * 1000)..((image + 1) * 1000)]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Images_may_be_brought_when_their_turn_comes(int threads)
    {
        using var session = new CpuSession(s_model, new(7, threads));
        var (size, length) = ((int)session.Input.ElementCount, (int)session.Output.ElementCount);
        var images = new float[7 * size];
        WeightFormula.Fill("input", 1, images, 2, -1);
        for (var batch = 1; batch <= 7; batch++)
        {
            var (expected, actual, input) = (
                new float[batch * length],
                new float[batch * length],
                new float[batch * size]
            );
            session.Run(images.AsSpan(0, batch * size), expected, batch);
            var fetched = new int[batch];

            session.Run(input, new Memory<float>[] { actual }, batch, Fetch);

            Assert.All(fetched, count => Assert.Equal(1, count));
            Assert.Equal(expected, actual);
            session.Run(new float[batch * size], actual, batch); // nothing is brought again
            Assert.All(fetched, count => Assert.Equal(1, count));

            void Fetch(int image)
            {
                Interlocked.Increment(ref fetched[image]);
                images.AsSpan(image * size, size).CopyTo(input.AsSpan(image * size));
            }
        }
        Assert.Throws<FormatException>(() =>
            session.Run(new float[size], new Memory<float>[] { new float[length] }, 1, _ => throw new FormatException())
        );
    }

    [Fact]
    public void Allocates_nothing_per_run()
    {
        using var session = new CpuSession(s_model, new(3, 2));
        AssertAllocatesNothing(session);
    }

    [Fact]
    public void Allocates_nothing_per_run_of_chains()
    {
        var everything = new RowChainLimits(1, long.MaxValue, long.MaxValue, int.MaxValue);
        using var session = new CpuSession(s_model, new(3, 1), Simd.Preferred, everything);
        Assert.Contains(((ITimedSession)session).Steps, step => step.Operation == nameof(RowChain));
        AssertAllocatesNothing(session);
    }

    // One image is shared by the threads, of two each thread has one.
    private static void AssertAllocatesNothing(CpuSession session)
    {
        for (var batch = 1; batch <= 3; batch++)
        {
            var (input, output) = (Images(batch), new float[batch * 1000]);
            session.Run(input, output, batch);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var run = 0; run < 20; run++)
            {
                session.Run(input, output, batch);
            }
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    // Weights are packed from where they are; only those that a normalisation is folded into are copied, once.
    [Theory]
    [InlineData("mobilenet_v1")]
    [InlineData("mobilenet_v3_large")]
    public void Allocates_few_bytes_per_weight_when_made(string name)
    {
        const double mostBytes = 4;
        var model = Model(name, new(224, 224));
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var session = new CpuSession(model, new(1, 1));
        double bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(bytes / model.Weights.Tensors.Values.Sum(tensor => tensor.Data.Length), 0, mostBytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3)]
    public void Refuses_a_batch_that_is_out_of_range(int batch) => s_contract.RefusesBatchesOutOfRange(batch);

    [Fact]
    public void Refuses_spans_of_the_wrong_length() => s_contract.RefusesSpansOfTheWrongLength();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -1)]
    [InlineData(1, 5000)]
    public void Refuses_options_that_are_out_of_range(int batch, int threads) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpuSession(s_model, new(batch, threads)));

    [Fact]
    public void Names_the_tensor_that_is_missing()
    {
        var weights = s_model.Weights with { Tensors = s_model.Weights.Tensors.Remove("features.0.0.weight") };
        var fault = Assert.Throws<ModelFormatException>(() =>
            new CpuSession(s_model with { Weights = weights }, new())
        );
        Assert.Contains("missing 'features.0.0.weight' [16, 3, 3, 3]", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_a_variance_that_cannot_be_one()
    {
        var broken = new Tensor([16], Enumerable.Repeat(-1f, 16).ToArray());
        var weights = s_model.Weights with
        {
            Tensors = s_model.Weights.Tensors.SetItem("features.0.1.running_var", broken),
        };
        var fault = Assert.Throws<ModelFormatException>(() =>
            new CpuSession(s_model with { Weights = weights }, new())
        );
        Assert.Contains("'features.0.1.running_var' holds the variance -1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_buffers_that_are_not_one_for_each_output() =>
        s_contract.RefusesBuffersThatAreNotOneForEachOutput();

    [Fact]
    public void Can_be_disposed_twice_and_then_not_be_run() => s_contract.CanBeDisposedTwiceAndThenNotBeRun();

    [Fact]
    public void Refuses_a_second_caller_and_works_again_afterwards() =>
        new SessionContract(batch => new CpuSession(
            Model("mobilenet_v1", new(224, 224)),
            new(batch, 1)
        )).RefusesASecondCallerAndWorksAgainAfterwards(8);

    [Fact]
    public void Waits_for_a_run_under_way_when_disposed() => s_contract.WaitsForARunUnderWayWhenDisposed();

    [Fact]
    public async Task Sessions_of_one_model_run_side_by_side()
    {
        var expected = new float[1000];
        using (var session = new CpuSession(s_model, new(1, 1)))
        {
            session.Run(Images(1), expected, 1);
        }
        var runs = Enumerable.Range(0, 6).Select(_ => Task.Run(() => RunMany(20)));
        foreach (var output in await Task.WhenAll(runs))
        {
            Assert.Equal(expected, output);
        }
    }

    [Fact]
    public void Memory_is_told_before_it_is_used_and_grows_with_the_batch()
    {
        using var one = new CpuSession(s_model, new(1, 1));
        using var four = new CpuSession(s_model, new(4, 1));
        Assert.Equal(one.Memory.Weights, four.Memory.Weights);
        Assert.Equal(4 * one.Memory.Arena, four.Memory.Arena);
        Assert.Equal(one.Memory.Weights + one.Memory.Arena + one.Memory.Scratch, one.Memory.Total);
    }

    [Fact]
    public void Refuses_before_it_takes_more_memory_than_there_is()
    {
        var graph = new GraphBuilder("huge", new(1 << 15, 1 << 15, 1));
        var wide = graph.Convolution("wide", graph.Input, 1 << 10, Window.Pointwise, new());
        var model = Model(graph.Build(wide));
        var fault = Assert.Throws<InsufficientMemoryException>(() => new CpuSession(model, new(2, 3)));
        Assert.Contains("huge for 32768x32768x1, batch 2, 3 threads", fault.Message, StringComparison.Ordinal);
        Assert.Contains("smaller batch or input resolution", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_error_of_too_much_memory_spells_out_the_sum()
    {
        const long mebibyte = 1 << 20;
        var memory = new SessionMemory(3 * mebibyte, 2048 * mebibyte, mebibyte / 2);
        memory.CheckFits("net", memory.Total);
        var fault = Assert.Throws<InsufficientMemoryException>(() => memory.CheckFits("net", memory.Total - mebibyte));
        Assert.Contains(
            "net needs 2,051.5 MiB: 3.0 MiB of weights, 2,048.0 MiB of activations, 0.5 MiB of working memory; "
                + "there are 2,050.5 MiB.",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    private static float[] RunMany(int count)
    {
        using var session = new CpuSession(s_model, new(1, 2));
        var output = new float[1000];
        for (var run = 0; run < count; run++)
        {
            session.Run(Images(1), output, 1);
        }
        return output;
    }

    private static Model Model(string name, Extent resolution)
    {
        var graph = ArchitectureCatalog.Get(name).Build(new() { Resolution = resolution });
        return Model(graph);
    }

    private static Model Model(NetworkGraph graph) => new(graph, WeightFormula.Create(graph, 1));

    private static float[] Images(int batch)
    {
        var images = new float[batch * s_model.Graph.Input.ElementCount];
        WeightFormula.Fill("images", 1, images, 2, -1);
        return images;
    }
}
