using System.Runtime.Intrinsics;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host;

/// <summary>Finds devices and opens sessions on them. Never falls back silently to another device.</summary>
public static class Devices
{
    private const string NoKernels = "this build has no ILGPU kernels yet";

    /// <summary>Every device that was looked for, with the reason where one cannot be used.</summary>
    public static IReadOnlyList<DeviceInfo> Discover() =>
        [
            new(DeviceName.Cpu, DescribeCpu()),
            new(new(DeviceKind.Cuda), "NVIDIA GPU", NoKernels),
            new(new(DeviceKind.OpenCl), "OpenCL GPU", NoKernels),
            new(new(DeviceKind.IlgpuCpu), "ILGPU's CPU accelerator, for debugging", NoKernels),
        ];

    /// <summary>Opens a session.</summary>
    /// <param name="model">The network and its weights.</param>
    /// <param name="device">Where it runs; <see cref="ISession.Device"/> says what <c>auto</c> chose.</param>
    /// <param name="options">Batch and threads.</param>
    /// <exception cref="DeviceNotAvailableException">The device cannot be used here.</exception>
    /// <exception cref="Network.Weights.ModelFormatException">The weights do not fit the network.</exception>
    public static ISession CreateSession(Model model, DeviceName device, SessionOptions options)
    {
        var candidates = Discover();
        var isKnown = candidates.Any(candidate => candidate.IsAvailable && Answers(candidate, device));
        return isKnown ? new CpuSession(model, options) : throw new DeviceNotAvailableException(device, candidates);
    }

    private static bool Answers(DeviceInfo candidate, DeviceName asked) =>
        asked.Kind == DeviceKind.Auto || candidate.Name == asked;

    private static string DescribeCpu()
    {
        var width =
            Vector512.IsHardwareAccelerated ? "Vector512"
            : Vector256.IsHardwareAccelerated ? "Vector256"
            : Vector128.IsHardwareAccelerated ? "Vector128"
            : "no vector instructions";
        return $"{width}, {Environment.ProcessorCount} cores";
    }
}
