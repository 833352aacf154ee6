using ILGpuMobileNet.Kernels.Gpu;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>
/// The accelerator that tests run kernels on: ILGPU's CPU accelerator, or what the environment variable
/// MOBILENET_TEST_DEVICE names (<c>cuda</c>, <c>opencl</c>). One for the whole process, since compiling kernels takes
/// long on some.
/// </summary>
internal static class TestDevice
{
    private static readonly Lazy<GpuDevice> s_shared = new(() => GpuDevice.Open(Backend, 0));

    /// <summary>The device; tests that launch on it are in the collection <c>device</c> and so do not overlap.</summary>
    public static GpuDevice Shared => s_shared.Value;

    /// <summary>How a user asks for it.</summary>
    public static string Name { get; } =
        Environment.GetEnvironmentVariable("MOBILENET_TEST_DEVICE") is { Length: > 0 } name ? name : "ilgpu-cpu";

    /// <summary>How it is reached.</summary>
    public static GpuBackend Backend { get; } =
        Name switch
        {
            "ilgpu-cpu" => GpuBackend.Cpu,
            "cuda" => GpuBackend.Cuda,
            "opencl" => GpuBackend.OpenCl,
            var other => throw new InvalidOperationException(
                $"MOBILENET_TEST_DEVICE is '{other}'; allowed are ilgpu-cpu, cuda and opencl."
            ),
        };

    /// <summary>
    /// Whether it is ILGPU's own CPU accelerator, where each thread of a group is one of the machine: minutes a run.
    /// </summary>
    public static bool IsSlow => Backend == GpuBackend.Cpu && !GpuDiscovery.IsEmulated;
}
