using System.Runtime.Intrinsics;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host;

/// <summary>Finds devices and opens sessions on them. Never falls back silently to another device.</summary>
public static class Devices
{
    /// <summary>Every device that was looked for, with the reason where one cannot be used.</summary>
    public static IReadOnlyList<DeviceInfo> Discover() =>
        [new(DeviceName.Cpu, DescribeCpu()), .. GpuDiscovery.Find().Select(Info)];

    /// <summary>Opens a session.</summary>
    /// <param name="model">The network and its weights.</param>
    /// <param name="device">Where it runs; <see cref="ISession.Device"/> says what <c>auto</c> chose.</param>
    /// <param name="options">Batch, and threads on the CPU.</param>
    /// <exception cref="DeviceNotAvailableException">The device cannot be used here.</exception>
    /// <exception cref="DeviceException">The device is there, but its driver failed.</exception>
    /// <exception cref="Network.Weights.ModelFormatException">The weights do not fit the network.</exception>
    /// <exception cref="InsufficientMemoryException">The session needs more memory than the device has.</exception>
    /// <exception cref="ArgumentException">A feature map of the batch is more than a GPU's kernels can index.</exception>
    public static ISession CreateSession(Model model, DeviceName device, SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        var chosen = Choose(device);
        if (chosen.Kind == DeviceKind.Cpu)
        {
            return new CpuSession(model, options);
        }
        var opened = Open(chosen);
        return new GpuSession(model, opened, chosen.ToString(), options, Tuning.ChoiceFor(opened.Accelerator, options));
    }

    /// <summary>
    /// Bytes that a session will hold: those of its <see cref="ISession.Memory"/>, known without opening it. A device that
    /// is named need not be here. What drivers take for themselves, and for compiled kernels, is not known to a plan.
    /// </summary>
    /// <param name="model">The network and its weights, whose values do not matter.</param>
    /// <param name="device">Where it would run; <c>auto</c> for the best there is.</param>
    /// <param name="options">Batch, and threads on the CPU.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1 or the number of threads is not in range.</exception>
    /// <exception cref="Network.Weights.ModelFormatException">The weights do not fit the network.</exception>
    /// <exception cref="ArgumentException">A feature map of the batch is more than a GPU's kernels can index.</exception>
    public static SessionMemory MemoryFor(Model model, DeviceName device, SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        return ResolveAuto(device).Kind == DeviceKind.Cpu
            ? CpuSession.MemoryFor(model, options)
            : GpuSession.MemoryFor(model, options);
    }

    /// <summary>What <c>auto</c> stands for here: CUDA, else an OpenCL GPU, else the CPU.</summary>
    internal static DeviceName Best() => BestOf(GpuBackend.Cuda) ?? BestOf(GpuBackend.OpenCl) ?? DeviceName.Cpu;

    /// <summary>The device that a request stands for, whether or not it is here.</summary>
    /// <param name="asked">The request.</param>
    internal static DeviceName ResolveAuto(DeviceName asked) => asked.Kind == DeviceKind.Auto ? Best() : asked;

    /// <summary>The device that a request stands for; one that is not there is refused before anything is done on it.</summary>
    /// <param name="asked">The request.</param>
    /// <exception cref="DeviceNotAvailableException">It cannot be used here.</exception>
    internal static DeviceName Choose(DeviceName asked) =>
        asked.Kind switch
        {
            DeviceKind.Auto => Best(),
            DeviceKind.Cpu => asked,
            _ when IsAvailable(asked) => asked,
            _ => throw new DeviceNotAvailableException(asked, Discover()),
        };

    /// <summary>Opens a device other than the CPU.</summary>
    /// <param name="name">An available device.</param>
    /// <exception cref="DeviceException">Its driver failed.</exception>
    internal static GpuDevice Open(DeviceName name)
    {
        try
        {
            return GpuDevice.Open(BackendOf(name.Kind), name.Index);
        }
        catch (Exception fault) when (DeviceFaults.IsDeviceFault(fault))
        {
            throw DeviceFaults.Describe(name.ToString(), "being opened", fault);
        }
    }

    private static bool IsAvailable(DeviceName name) =>
        GpuDiscovery
            .Find(BackendOf(name.Kind))
            .Any(candidate => candidate.Refusal is null && candidate.Index == name.Index);

    private static DeviceName? BestOf(GpuBackend backend) =>
        GpuDiscovery.Find(backend).FirstOrDefault(candidate => candidate is { Refusal: null, IsGpu: true }) is { } best
            ? NameOf(best)
            : null;

    private static DeviceInfo Info(GpuCandidate candidate) =>
        new(NameOf(candidate), candidate.Description, candidate.Refusal) { MemoryBytes = candidate.MemoryBytes };

    private static DeviceName NameOf(GpuCandidate candidate) =>
        candidate.Backend switch
        {
            GpuBackend.Cuda => new(DeviceKind.Cuda, candidate.Index),
            GpuBackend.OpenCl => new(DeviceKind.OpenCl, candidate.Index),
            _ => new(DeviceKind.IlgpuCpu),
        };

    private static GpuBackend BackendOf(DeviceKind kind) =>
        kind switch
        {
            DeviceKind.Cuda => GpuBackend.Cuda,
            DeviceKind.OpenCl => GpuBackend.OpenCl,
            DeviceKind.IlgpuCpu => GpuBackend.Cpu,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a device that ILGPU reaches."),
        };

    private static string DescribeCpu()
    {
        var width = Vector128.IsHardwareAccelerated ? $"{Simd.Preferred}" : "no vector instructions";
        return $"{width}, {Environment.ProcessorCount} cores";
    }
}
