using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host.Tests.Devices;

/// <summary>What is told of a session's memory beforehand, against the session.</summary>
[Trait("Device", "ilgpu")]
public sealed class KnownMemoryTests
{
    public static TheoryData<string, string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, int>();
            foreach (
                var network in (string[])["mobilenet_v1", "mobilenet_v2", "mobilenet_v3_small", "mobilenet_v1_enhance"]
            )
            {
                foreach (var batch in (int[])[1, 3, 8])
                {
                    cases.Add(network, "cpu", batch);
                    cases.Add(network, "ilgpu-cpu", batch);
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Is_that_of_the_session_which_is_then_opened(string network, string device, int batch)
    {
        var (model, name, options) = (
            Model(network, new(64, 96)),
            DeviceName.Parse(device),
            new SessionOptions(batch, 2)
        );
        var told = Host.Devices.MemoryFor(model, name, options);
        using var session = Host.Devices.CreateSession(model, name, options);
        Assert.Equal(session.Memory, told);
        Assert.True(told is { Weights: > 0, Arena: > 0 });
        Assert.Equal(name == DeviceName.Cpu, told.Staging == 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(0)]
    public void Counts_the_threads_that_the_session_has(int threads)
    {
        var (model, options) = (Model("mobilenet_v3_small", new(224, 224)), new SessionOptions(4, threads));
        var told = Host.Devices.MemoryFor(model, DeviceName.Cpu, options);
        using var session = Host.Devices.CreateSession(model, DeviceName.Cpu, options);
        Assert.Equal(session.Memory, told);
    }

    [Fact]
    public void Is_told_of_gigabytes_without_taking_them()
    {
        var model = Model("mobilenet_v1", new(8192, 8192));
        var told = Host.Devices.MemoryFor(model, DeviceName.Cpu, new(1, 1));
        Assert.True(told.Arena > 2L << 30, $"{told.Arena} bytes");
    }

    [Fact]
    public void Does_not_depend_on_the_values_of_the_weights()
    {
        var (one, two) = (Model("mobilenet_v2", new(96, 96)), Model("mobilenet_v2", new(96, 96), 2));
        Assert.Equal(
            Host.Devices.MemoryFor(one, DeviceName.Cpu, new(2, 1)),
            Host.Devices.MemoryFor(two, DeviceName.Cpu, new(2, 1))
        );
    }

    [Theory]
    [InlineData("cpu", 0, 1)]
    [InlineData("cpu", 1, 5000)]
    [InlineData("ilgpu-cpu", 0, 1)]
    public void Refuses_options_that_no_session_has(string device, int batch, int threads)
    {
        var model = Model("mobilenet_v2_relu", new(32, 32));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Host.Devices.MemoryFor(model, DeviceName.Parse(device), new(batch, threads))
        );
    }

    private static Model Model(string network, Extent resolution, ulong seed = 1) =>
        ModelSource
            .Load(
                new ModelOptions
                {
                    Model = network,
                    Resolution = resolution,
                    RandomSeed = seed,
                }
            )
            .Model;
}
