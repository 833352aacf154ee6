using ILGPU.Emulation;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference.Goldens;

namespace ILGpuMobileNet.Network.Tests.Execution.Emulated;

/// <summary>What a session takes of a device, to the byte.</summary>
[Collection("device")]
public sealed class GpuMemoryTests : IDisposable
{
    private readonly GpuDevice _device = GpuDevice.Open(GpuBackend.Cpu, 0);

    private EmulatedCounters Counters => EmulatedCounters.Of(_device.Accelerator);

    [Theory]
    [InlineData("mobilenet_v3_small_97x131_w0.65", 1)]
    [InlineData("mobilenet_v3_small_97x131_w0.65", 5)]
    [InlineData("mobilenet_v1_enhance_35x53_w0.37", 3)]
    [InlineData("mobilenet_v2_relu_33x47_w1", 2)]
    [InlineData("block_squeeze_excite_9x11", 4)]
    public void Takes_what_the_plan_said_and_gives_all_back(string name, int batch)
    {
        var model = GoldenNetworks.Model(GoldenCases.Find(name));
        var planned = PlanSummary.Of(model, batch).Memory;
        var session = new GpuSession(model, _device.Accelerator, "test", new(batch));
        Assert.Equal(planned, session.Memory);
        Assert.Equal(planned.Total, Counters.AllocatedBytes);
        session.Dispose();
        session.Dispose();
        Assert.Equal((0, 0), (Counters.AllocatedBytes, Counters.BufferCount));
    }

    [Fact]
    public void A_thousand_runs_take_nothing_more()
    {
        var graph = new GraphBuilder("small", new(5, 5, 3));
        var x = graph.Convolution("stem", graph.Input, 8, new(new(3, 3), new(2, 2), new(1, 1), new(1, 1, 1, 1)), new());
        x = graph.Convolution("pointwise", x, 12, Kernels.Window.Pointwise, new());
        var built = graph.Build(graph.GlobalAveragePool("pool", x));
        var model = new Model(built, WeightFormula.Create(built, 1));
        using var session = new GpuSession(model, _device.Accelerator, "test", new(2));
        var (input, output) = (new float[2 * 5 * 5 * 3], new float[2 * 12]);
        session.Run(input, output, 2);
        var (bytes, buffers) = (Counters.AllocatedBytes, Counters.BufferCount);
        var managed = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < 1000; run++)
        {
            session.Run(input.AsSpan(0, input.Length / 2), output.AsSpan(0, 12), 1);
        }
        Assert.Equal(managed, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal((bytes, buffers), (Counters.AllocatedBytes, Counters.BufferCount));
        Assert.Equal(bytes, Counters.PeakAllocatedBytes);
    }

    public void Dispose() => _device.Dispose();
}
