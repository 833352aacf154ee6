using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>Turns what drivers and ILGPU report into exceptions that say what to do.</summary>
internal static class DeviceFaults
{
    /// <summary>Whether an exception comes from the device, its driver or the compiler for it.</summary>
    /// <param name="fault">The exception.</param>
    public static bool IsDeviceFault(Exception fault) =>
        fault is AcceleratorException or InternalCompilerException or CapabilityNotSupportedException;

    /// <summary>The exception for callers.</summary>
    /// <param name="device">The device, as it was asked for.</param>
    /// <param name="activity">What was being done: "running", "opening a session".</param>
    /// <param name="fault">What was reported.</param>
    public static Exception Describe(string device, string activity, Exception fault)
    {
        var code = CodeOf(fault);
        if (IsOutOfMemory(code))
        {
            return new InsufficientMemoryException(
                $"Device '{device}' ran out of memory while {activity} ({code}). "
                    + "Use a smaller batch or input resolution, or end what else uses the device.",
                fault
            );
        }
        return new DeviceException(
            device,
            $"failed while {activity}: {Said(fault, code)} {Remedy(fault)}",
            true,
            fault
        );
    }

    /// <summary>Whether a driver's error code means that memory is short.</summary>
    /// <param name="code">Name of the code, or null.</param>
    public static bool IsOutOfMemory(string? code) =>
        code is "CUDA_ERROR_OUT_OF_MEMORY" or "CL_MEM_OBJECT_ALLOCATION_FAILURE" or "CL_OUT_OF_HOST_MEMORY";

    private static string? CodeOf(Exception fault) =>
        fault switch
        {
            CudaException cuda => cuda.Error,
            CLException openCl => openCl.Error.ToString(),
            _ => null,
        };

    // What OpenCL's exceptions say by themselves is only that they were thrown.
    private static string Said(Exception fault, string? code)
    {
        var message = fault.InnerException is { } inner ? $"{fault.Message} ({inner.Message})" : fault.Message;
        return fault switch
        {
            CLException when code is not null => $"the driver reported {code}.",
            _ when code is null || message.Contains(code, StringComparison.Ordinal) => $"{message.TrimEnd('.')}.",
            _ => $"{message.TrimEnd('.')} ({code}).",
        };
    }

    private static string Remedy(Exception fault) =>
        fault is AcceleratorException
            ? "The session cannot go on: dispose it and open another one; if that fails too, look at the driver's log or restart the device."
            : "The kernels cannot be compiled for this device: update its driver, or use another device.";
}
