using ILGPU.Runtime;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>What a launch may use of a device.</summary>
/// <param name="MaximalGroupSize">Threads of a group.</param>
/// <param name="MultiprocessorCount">Groups that run at the same time at least.</param>
internal readonly record struct DeviceLimits(int MaximalGroupSize, int MultiprocessorCount)
{
    /// <summary>The limits of a device.</summary>
    /// <param name="device">The device.</param>
    public static DeviceLimits Of(Device device) => new(device.MaxNumThreadsPerGroup, device.NumMultiprocessors);
}
