using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Network.Tests.Execution;

[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class GpuSessionTests
{
    private static readonly Model s_model = Model(
        ArchitectureCatalog.Get("mobilenet_v2_relu").Build(new() { Width = 0.5, Resolution = new(15, 17) })
    );

    private readonly SessionContract _contract = new(Open);

    [Fact]
    public void Says_its_shapes_and_limits()
    {
        using var session = Open(5);
        Assert.Equal("test", session.Device);
        Assert.Equal((new(15, 17, 3), new(1, 1, 10)), (session.Input, session.Output));
        Assert.Equal(5, session.MaximalBatch);
        Assert.Equal(PlanSummary.Of(s_model, 5).Launches, session.LaunchCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3)]
    public void Refuses_a_batch_that_is_out_of_range(int batch) => _contract.RefusesBatchesOutOfRange(batch);

    [Fact]
    public void Refuses_spans_of_the_wrong_length() => _contract.RefusesSpansOfTheWrongLength();

    [Fact]
    public void Refuses_buffers_that_are_not_one_for_each_output() =>
        _contract.RefusesBuffersThatAreNotOneForEachOutput();

    [Fact]
    public void Can_be_disposed_twice_and_then_not_be_run() => _contract.CanBeDisposedTwiceAndThenNotBeRun();

    [Fact]
    public void Refuses_a_second_caller_and_works_again_afterwards() =>
        _contract.RefusesASecondCallerAndWorksAgainAfterwards(4);

    [Fact]
    public void Waits_for_a_run_under_way_when_disposed() => _contract.WaitsForARunUnderWayWhenDisposed();

    [Fact]
    public void Refuses_a_largest_batch_below_one() => Assert.Throws<ArgumentOutOfRangeException>(() => Open(0));

    [Fact]
    public void Names_the_tensor_that_is_missing()
    {
        var weights = s_model.Weights with
        {
            Tensors = s_model.Weights.Tensors.Remove(s_model.Weights.Tensors.Keys.First()),
        };
        Assert.Throws<ModelFormatException>(() => Open(s_model with { Weights = weights }, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Gives_an_image_the_same_bits_in_any_batch_with_any_tile_and_group_size(int batch)
    {
        var input = TestValues.Uniform(1, 7 * s_model.Graph.Input.ElementCount)[
            ..(int)(batch * s_model.Graph.Input.ElementCount)
        ];
        using var single = Open(1);
        var expected = input
            .Chunk(input.Length / batch)
            .SelectMany(image => GoldenNetworks.Run(single, image, 1))
            .ToArray();
        foreach (var choice in FixedChoices())
        {
            using var session = new GpuSession(s_model, GpuDevice.Open(TestDevice.Backend, 0), "test", new(7), choice);
            Assert.Equal(expected, GoldenNetworks.Run(session, input, batch));
        }
    }

    // Each takes seconds on ILGPU's CPU accelerator, where the kernels' own tests have all of them.
    private static IEnumerable<FixedLaunches> FixedChoices() =>
        LaunchRule
            .Tiles.Select(tile => new FixedLaunches(tile))
            .Concat(LaunchShape.GroupSizes.Select(size => new FixedLaunches(default, size)))
            .Where((_, i) => i % 4 == 0 || !TestDevice.IsSlow);

    [Fact]
    public void Refuses_more_than_kernels_can_index_before_it_takes_memory()
    {
        var graph = new GraphBuilder("huge", new(1 << 15, 1 << 15, 1));
        var wide = graph.Convolution("wide", graph.Input, 1 << 10, Window.Pointwise, new());
        var model = Model(graph.Build(wide));
        var fault = Assert.Throws<ArgumentException>(() => Open(model, 64));
        Assert.Contains("A batch of 64 feature maps of 32768x32768x1 ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Use a smaller batch", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CUDA_ERROR_OUT_OF_MEMORY", true)]
    [InlineData("CL_MEM_OBJECT_ALLOCATION_FAILURE", true)]
    [InlineData("CL_OUT_OF_HOST_MEMORY", true)]
    [InlineData("CUDA_ERROR_LAUNCH_FAILED", false)]
    [InlineData("CL_OUT_OF_RESOURCES", false)]
    [InlineData(null, false)]
    public void Knows_the_drivers_codes_for_too_little_memory(string? code, bool isMemory) =>
        Assert.Equal(isMemory, DeviceFaults.IsOutOfMemory(code));

    private static Model Model(NetworkGraph graph) => new(graph, WeightFormula.Create(graph, 1));

    private static GpuSession Open(int maximalBatch) => Open(s_model, maximalBatch);

    private static GpuSession Open(Model model, int maximalBatch) =>
        new(model, TestDevice.Shared.Accelerator, "test", new(maximalBatch));
}
