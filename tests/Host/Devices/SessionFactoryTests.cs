using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Host.Tests.Devices;

[Trait("Device", "ilgpu")]
public sealed class SessionFactoryTests
{
    private static readonly DeviceName s_accelerator = new(DeviceKind.IlgpuCpu);
    private static readonly DeviceName[] s_devices = [DeviceName.Cpu, s_accelerator, DeviceName.Cpu, s_accelerator];
    private static readonly Model s_model = ModelSource
        .Load(new ModelOptions { Model = "mobilenet_v2_relu", RandomSeed = 1 })
        .Model;

    [Fact]
    public void Sessions_on_the_cpu_share_their_weights_and_give_the_same_bits()
    {
        var factory = new SessionFactory(s_model, new(2, 1));
        var sessions = s_devices.Select(factory.Open).ToList();
        var outputs = sessions.ConvertAll(Run);
        sessions.ForEach(session => session.Dispose());

        Assert.Equal(s_devices.Select(device => $"{device}"), sessions.Select(session => session.Device));
        Assert.Equal([false, false, true, false], sessions.Select(session => session.Memory.Weights == 0));
        Assert.Equal(outputs[0], outputs[2]);
        Assert.Equal(outputs[1], outputs[3]);
    }

    [Fact]
    public void Tells_the_memory_of_the_sessions_that_it_opens()
    {
        var factory = new SessionFactory(s_model, new(5, 2));
        var told = factory.MemoryFor(s_devices);
        Assert.Equal(s_devices, told.Select(memory => memory.Device));
        var opened = s_devices.Select(factory.Open).ToList();
        Assert.Equal(opened.Select(session => session.Memory), told.Select(memory => memory.Memory));
        opened.ForEach(session => session.Dispose());
    }

    // A device that is opened again finds the weights of those that are open, and packs them when there are none.
    [Fact]
    public void Weights_stay_as_long_as_a_session_has_them()
    {
        var factory = new SessionFactory(s_model, new(1, 1));
        var (first, second) = (factory.Open(DeviceName.Cpu), factory.Open(DeviceName.Cpu));
        var expected = Run(first);
        second.Dispose();
        using (var third = factory.Open(DeviceName.Cpu))
        {
            Assert.Equal(0, third.Memory.Weights);
            first.Dispose();
            Assert.Equal(expected, Run(third));
        }
        using var fourth = factory.Open(DeviceName.Cpu);
        Assert.True(fourth.Memory.Weights > 0);
        Assert.Equal(expected, Run(fourth));
    }

    [Fact]
    public void Never_falls_back_from_a_device_that_is_not_there()
    {
        var absent = new DeviceName(DeviceKind.Cuda, 7);
        var factory = new SessionFactory(s_model, new());
        Assert.Throws<DeviceNotAvailableException>(() => factory.Open(absent));
        var memory = Assert.Single(factory.MemoryFor([absent]));
        Assert.Equal(Host.Devices.MemoryFor(s_model, s_accelerator, new()), memory.Memory);
    }

    private static float[] Run(ISession session)
    {
        var output = new float[session.Output.ElementCount];
        session.Run(TestValues.Uniform(1, session.Input.ElementCount), output, 1);
        return output;
    }
}
