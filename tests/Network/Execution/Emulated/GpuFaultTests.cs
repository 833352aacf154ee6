using ILGPU.Emulation;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Reference.Goldens;

namespace ILGpuMobileNet.Network.Tests.Execution.Emulated;

/// <summary>Drivers that fail: in a launch half-way, in a copy, in an allocation.</summary>
[Collection("device")]
public sealed class GpuFaultTests
{
    private const string Fault = "the device fell off the bus";

    private static readonly GoldenCase s_golden = GoldenCases.Find("mobilenet_v2_relu_32x32_w0.65");
    private static readonly Model s_model = GoldenNetworks.Model(s_golden);
    private static readonly float[] s_input = GoldenNetworks.Input(s_golden);

    [Theory]
    [InlineData("launch")]
    [InlineData("first copy")]
    [InlineData("last copy")]
    public void A_driver_that_fails_in_a_run_is_reported_and_the_next_session_works(string where)
    {
        var device = GpuDevice.Open(GpuBackend.Cpu, 0);
        var counters = EmulatedCounters.Of(device.Accelerator);
        var session = new GpuSession(s_model, device, "cuda:0", new(s_golden.Batch));
        Inject(FaultInjection.Of(device.Accelerator), where, session.LaunchCount);

        var fault = Assert.Throws<DeviceException>(() => Run(session));
        Assert.Equal(("cuda:0", true), (fault.Device, fault.IsLost));
        Assert.Contains($"'cuda:0': failed while running: {Fault}.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("dispose it and open another one", fault.Message, StringComparison.Ordinal);
        Assert.IsType<InjectedFaultException>(fault.InnerException);
        var again = Assert.Throws<DeviceException>(() => Run(session));
        Assert.Contains("failed in an earlier run", again.Message, StringComparison.Ordinal);
        session.Dispose();
        Assert.Equal((0, 0), (counters.AllocatedBytes, counters.BufferCount));
        Assert.Throws<ObjectDisposedException>(() => Run(session));

        using var next = new GpuSession(s_model, GpuDevice.Open(GpuBackend.Cpu, 0), "cuda:0", new(s_golden.Batch));
        GoldenNetworks.AssertClose(s_golden, Run(next));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_driver_that_refuses_memory_leaves_nothing_behind(int allocation)
    {
        using var device = GpuDevice.Open(GpuBackend.Cpu, 0);
        var counters = EmulatedCounters.Of(device.Accelerator);
        FaultInjection.Of(device.Accelerator).FailAllocation(allocation, Fault);
        var fault = Assert.Throws<DeviceException>(() =>
            new GpuSession(s_model, device.Accelerator, "opencl:1", new(s_golden.Batch))
        );
        Assert.Contains(
            $"'opencl:1': failed while opening a session: {Fault}.",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Equal((0, 0), (counters.AllocatedBytes, counters.BufferCount));
        using var next = new GpuSession(s_model, device.Accelerator, "opencl:1", new(s_golden.Batch));
        GoldenNetworks.AssertClose(s_golden, Run(next));
    }

    private static float[] Run(GpuSession session) => GoldenNetworks.Run(session, s_input, s_golden.Batch);

    private static void Inject(FaultInjection injection, string where, int launchCount)
    {
        switch (where)
        {
            case "launch":
                injection.FailLaunch(launchCount / 2, Fault);
                break;
            case "first copy":
                injection.FailCopy(1, Fault);
                break;
            default:
                injection.FailCopy(2, Fault);
                break;
        }
    }
}
