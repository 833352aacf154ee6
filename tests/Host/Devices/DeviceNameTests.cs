namespace ILGpuMobileNet.Host.Tests.Devices;

[Trait("Device", "ilgpu")]
public sealed class DeviceNameTests
{
    [Theory]
    [InlineData("auto", DeviceKind.Auto, 0, "auto")]
    [InlineData("cpu", DeviceKind.Cpu, 0, "cpu")]
    [InlineData("cuda", DeviceKind.Cuda, 0, "cuda:0")]
    [InlineData("cuda:3", DeviceKind.Cuda, 3, "cuda:3")]
    [InlineData("opencl:1", DeviceKind.OpenCl, 1, "opencl:1")]
    [InlineData("ilgpu-cpu", DeviceKind.IlgpuCpu, 0, "ilgpu-cpu")]
    public void Reads_and_writes_the_documented_forms(string text, DeviceKind kind, int index, string written)
    {
        var name = DeviceName.Parse(text);

        Assert.Equal(new DeviceName(kind, index), name);
        Assert.Equal(written, name.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("CPU")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:x")]
    [InlineData("cuda:0:1")]
    [InlineData("cuda:99999999999")]
    [InlineData("cpu:0")]
    [InlineData("auto:1")]
    [InlineData("ilgpu-cpu:0")]
    public void Refuses_everything_else_and_lists_what_is_allowed(string text)
    {
        var fault = Assert.Throws<ArgumentException>(() => DeviceName.Parse(text));

        Assert.Contains($"'{text}'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("auto, cpu, cuda[:n], opencl[:n] and ilgpu-cpu", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_kind_has_no_name() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeviceName((DeviceKind)99).ToString());
}
