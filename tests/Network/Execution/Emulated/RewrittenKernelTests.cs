using ILGPU.Emulation;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Execution.Emulated;

public sealed class RewrittenKernelTests
{
    private const int GraphCount = 60;

    /// <summary>A kernel that the emulator cannot rewrite costs it some hundred times as long at every barrier.</summary>
    [Fact]
    public void No_operation_of_random_graphs_is_left_to_threads()
    {
        using var device = GpuDevice.Open(GpuBackend.Cpu, 0);
        for (var seed = 0; seed < GraphCount; seed++)
        {
            var graph = RandomGraph.Create(seed);
            using var session = new GpuSession(
                new(graph, WeightFormula.Create(graph, 1)),
                device.Accelerator,
                "test",
                new()
            );
        }
        Assert.Empty(EmulatedCounters.Of(device.Accelerator).SlowKernels);
    }
}
