using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>A device that ILGPU found, or a kind of device that it found none of.</summary>
/// <param name="Backend">How it is reached.</param>
/// <param name="Index">Which one, from 0.</param>
/// <param name="Description">Name, memory, compute capability or OpenCL version, driver.</param>
internal sealed record GpuCandidate(GpuBackend Backend, int Index, string Description)
{
    /// <summary>Why it cannot be used, or null.</summary>
    public string? Refusal { get; init; }

    /// <summary>Bytes of its memory, where it is known.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Whether it is a GPU; OpenCL also reaches CPUs.</summary>
    public bool IsGpu { get; init; }
}

/// <summary>Looks for ILGPU's devices and says why one cannot be used.</summary>
internal static class GpuDiscovery
{
    private const int SmallestGroup = 256; // threads that the kernels' groups have at most

    /// <summary>Whether this build has the emulator in place of the ILGPU package.</summary>
    public static bool IsEmulated { get; } =
        typeof(GpuDiscovery)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Any(data => data is { Key: "Ilgpu", Value: "emulator" });

    /// <summary>Every CUDA and OpenCL device, or one entry saying why there is none, and the CPU accelerator.</summary>
    public static IReadOnlyList<GpuCandidate> Find() =>
        [.. Find(GpuBackend.Cuda), .. Find(GpuBackend.OpenCl), CpuAccelerator()];

    /// <summary>The devices of one kind; at least one entry.</summary>
    /// <param name="backend">The kind.</param>
    public static IReadOnlyList<GpuCandidate> Find(GpuBackend backend)
    {
        if (backend == GpuBackend.Cpu)
        {
            return [CpuAccelerator()];
        }
        if (WhyUnreachable(backend) is { } reason)
        {
            return [None(backend, reason)];
        }
        using var context = GpuDevice.CreateContext(backend);
        var found = GpuDevice.DevicesOf(context, backend).Select((device, index) => Describe(device, backend, index));
        return [.. found.DefaultIfEmpty(None(backend, NoDevice(backend)))];
    }

    private static string? WhyUnreachable(GpuBackend backend)
    {
        if (IsEmulated)
        {
            return "this build has the emulator in place of the ILGPU package, and only the package reaches GPUs; build "
                + "where ILGPU 1.5.3 can be restored";
        }
        return Libraries(backend).Any(CanLoad) ? null : NoDriver(backend);
    }

    private static string[] Libraries(GpuBackend backend) =>
        (backend, OperatingSystem.IsWindows()) switch
        {
            (GpuBackend.Cuda, true) => ["nvcuda.dll"],
            (GpuBackend.Cuda, false) => ["libcuda.so", "libcuda.so.1"],
            (_, true) => ["opencl.dll"],
            _ => ["libOpenCL.so", "/System/Library/Frameworks/OpenCL.framework/OpenCL"],
        };

    private static string NoDriver(GpuBackend backend)
    {
        if (backend == GpuBackend.Cuda)
        {
            return "no NVIDIA driver is installed";
        }
        return CanLoad("libOpenCL.so.1")
            ? "libOpenCL.so.1 is there, but ILGPU loads libOpenCL.so: install the OpenCL development package, which links it"
            : "no OpenCL loader is installed";
    }

    private static string NoDevice(GpuBackend backend) =>
        backend == GpuBackend.Cuda
            ? "the NVIDIA driver reports no device; it may be too old, or the device taken by others"
            : "the OpenCL loader finds no device: no driver is registered with it";

    private static bool CanLoad(string library)
    {
        var isThere = NativeLibrary.TryLoad(library, out var handle);
        if (isThere)
        {
            NativeLibrary.Free(handle);
        }
        return isThere;
    }

    private static GpuCandidate None(GpuBackend backend, string reason) =>
        new(backend, 0, backend == GpuBackend.Cuda ? "NVIDIA GPU" : "OpenCL device") { Refusal = reason };

    private static GpuCandidate CpuAccelerator() =>
        new(
            GpuBackend.Cpu,
            0,
            IsEmulated
                ? "the kernels on the emulator, for checks and debugging"
                : "the kernels on ILGPU's CPU accelerator, for debugging"
        );

    private static GpuCandidate Describe(Device device, GpuBackend backend, int index) =>
        new(backend, index, $"{device.Name}, {Memory(device.MemorySize)}, {Details(device)}")
        {
            MemoryBytes = device.MemorySize,
            IsGpu =
                device is CudaDevice
                || device is CLDevice openCl && openCl.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_GPU),
            Refusal = WhyRefused(device),
        };

    private static string Details(Device device) =>
        device switch
        {
            CudaDevice cuda =>
                $"compute capability {cuda.Architecture?.Major}.{cuda.Architecture?.Minor}, CUDA {cuda.DriverVersion}",
            CLDevice openCl => $"{openCl.PlatformName}, OpenCL {openCl.DeviceVersion}, by {openCl.VendorName}",
            _ => device.AcceleratorType.ToString(),
        };

    private static string? WhyRefused(Device device)
    {
        if (device is CudaDevice { Architecture: null } or CudaDevice { InstructionSet: null })
        {
            return "ILGPU does not know its architecture or the driver's instruction set: update the driver";
        }
        if (device is CLDevice { Capabilities.GenericAddressSpace: false })
        {
            return "its driver has no generic address space, which ILGPU needs (OpenCL 2.0, or the feature in 3.0)";
        }
        return device.MaxNumThreadsPerGroup < SmallestGroup
            ? $"its groups have at most {device.MaxNumThreadsPerGroup} threads, the kernels need {SmallestGroup}"
            : null;
    }

    private static string Memory(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB");
}
