using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Serving;

namespace ILGpuMobileNet.DependencyInjection.Tests;

/// <summary>A network that is made in a moment.</summary>
internal static class SmallModel
{
    public const string Name = "mobilenet_v2_relu";

    public static void Configure(MobileNetHostOptions options)
    {
        options.Model = new() { Model = Name, RandomSeed = 1 };
        options.Devices = [DeviceName.Cpu];
    }
}
