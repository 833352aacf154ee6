using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Host.Tests.Devices;

[Trait("Device", "ilgpu")]
public sealed class DevicesTests
{
    private static readonly Model Small = ModelSource
        .Load(new ModelOptions { Model = "mobilenet_v2_relu", RandomSeed = 1 })
        .Model;

    [Fact]
    public void Lists_every_kind_with_a_reason_where_it_is_refused()
    {
        var devices = Host.Devices.Discover();

        Assert.Equal(
            [DeviceKind.Cpu, DeviceKind.Cuda, DeviceKind.OpenCl, DeviceKind.IlgpuCpu],
            devices.Select(device => device.Kind).Distinct()
        );
        Assert.True(devices[0].IsAvailable);
        Assert.True(devices[^1].IsAvailable);
        Assert.All(devices, device => Assert.NotEqual("", device.Refusal));
    }

    [Fact]
    public void Says_when_the_build_reaches_no_gpu_because_of_the_emulator()
    {
        var gpus = Host.Devices.Discover().Where(device => device.Kind is DeviceKind.Cuda or DeviceKind.OpenCl);

        Assert.All(
            gpus,
            gpu =>
                Assert.Equal(
                    GpuDiscovery.IsEmulated,
                    gpu.Refusal?.Contains("emulator", StringComparison.Ordinal) ?? false
                )
        );
    }

    [Fact]
    public void Describes_the_cpu_by_its_vectors_and_cores()
    {
        var cpu = Host.Devices.Discover()[0];

        Assert.Matches(@"^(Vector\d+|no vector instructions), \d+ cores$", cpu.Description);
        Assert.Contains($"{Environment.ProcessorCount} cores", cpu.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("ilgpu-cpu")]
    public void Opens_a_session_and_says_where(string device)
    {
        using var session = Host.Devices.CreateSession(Small, DeviceName.Parse(device), new SessionOptions(2, 1));

        Assert.Equal(device, session.Device);
        Assert.Equal(2, session.MaximalBatch);
    }

    [Fact]
    public void Auto_chooses_the_first_gpu_there_is_or_else_the_cpu()
    {
        var gpu = Host
            .Devices.Discover()
            .FirstOrDefault(device => device is { IsAvailable: true, Kind: DeviceKind.Cuda or DeviceKind.OpenCl });
        var best = Host.Devices.Best();

        Assert.True(best == DeviceName.Cpu || best == gpu?.Name);
        using var session = Host.Devices.CreateSession(Small, DeviceName.Auto, new SessionOptions());
        Assert.Equal(best.ToString(), session.Device);
    }

    [Fact]
    public void Runs_the_same_network_on_the_accelerator_as_on_the_cpu()
    {
        using var cpu = Host.Devices.CreateSession(Small, DeviceName.Cpu, new SessionOptions());
        using var accelerator = Host.Devices.CreateSession(Small, new(DeviceKind.IlgpuCpu), new SessionOptions());
        var input = TestValues.Uniform(1, cpu.Input.ElementCount);
        var (expected, actual) = (new float[cpu.Output.ElementCount], new float[cpu.Output.ElementCount]);

        cpu.Run(input, expected, 1);
        accelerator.Run(input, actual, 1);

        Assert.InRange(Closeness.RelativeError([.. expected.Select(value => (double)value)], actual), 0, 1e-5);
    }

    [Theory]
    [InlineData("cuda:7")]
    [InlineData("opencl:7")]
    public void Never_falls_back_from_a_device_that_is_not_there(string device)
    {
        var asked = DeviceName.Parse(device);

        var fault = Assert.Throws<DeviceNotAvailableException>(() =>
            Host.Devices.CreateSession(Small, asked, new SessionOptions())
        );

        Assert.Equal(asked, fault.Requested);
        Assert.Contains($"'{asked}' is not available", fault.Message, StringComparison.Ordinal);
        Assert.Contains("cpu (available)", fault.Message, StringComparison.Ordinal);
        Assert.Contains("ilgpu-cpu (available)", fault.Message, StringComparison.Ordinal);
    }
}
