using BenchmarkDotNet.Attributes;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks;

/// <summary>What is measured on the CPU, and on the accelerator that MOBILENET_TEST_DEVICE names.</summary>
public abstract class DeviceBenchmark
{
    private protected const string Cpu = "cpu";

    /// <summary>Where this measurement runs, as users name it.</summary>
    [ParamsSource(nameof(DeviceNames))]
    public string Device { get; set; } = Cpu;

    public static IEnumerable<string> DeviceNames => [Cpu, TestDevice.Name];
}
