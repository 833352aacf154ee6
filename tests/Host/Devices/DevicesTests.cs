using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host.Tests.Devices;

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
            devices.Select(device => device.Kind)
        );
        Assert.Equal([true, false, false, false], devices.Select(device => device.IsAvailable));
        Assert.All(
            devices.Skip(1),
            device => Assert.Contains("no ILGPU kernels", device.Refusal, StringComparison.Ordinal)
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
    [InlineData("auto")]
    [InlineData("cpu")]
    public void Opens_a_session_on_the_cpu_and_says_so(string device)
    {
        using var session = Host.Devices.CreateSession(Small, DeviceName.Parse(device), new SessionOptions(2, 1));

        Assert.Equal("cpu", session.Device);
        Assert.Equal(2, session.MaximalBatch);
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("opencl:1")]
    [InlineData("ilgpu-cpu")]
    public void Never_falls_back_from_a_device_that_is_not_there(string device)
    {
        var asked = DeviceName.Parse(device);

        var fault = Assert.Throws<DeviceNotAvailableException>(() =>
            Host.Devices.CreateSession(Small, asked, new SessionOptions())
        );

        Assert.Equal(asked, fault.Requested);
        Assert.Contains($"'{asked}' is not available", fault.Message, StringComparison.Ordinal);
        Assert.Contains("cpu (available)", fault.Message, StringComparison.Ordinal);
        Assert.Contains("cuda:0 (this build has no ILGPU kernels yet)", fault.Message, StringComparison.Ordinal);
    }
}
